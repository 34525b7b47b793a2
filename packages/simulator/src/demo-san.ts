import type { ArrayPlan, LunPlan, NodePlan, PortPlan, SanPlan } from "./san/san-plan.ts";

/** SANs to try things on, always the same for the same question. */

const GiB = 1024 ** 3;

/** WWID of a LUN of a LIO target: NAA 6 with the registered company id 0x001405. */
function lioWwid(number: number, kind = "0"): string {
	return `36001405${kind}${number.toString(16).padStart(24, "0")}`;
}

function iscsiPorts(array: string, target: string, fabrics: readonly string[]): readonly PortPlan[] {
	return fabrics.flatMap((fabric, at) =>
		["a", "b"].map((controller, side) => ({
			name: `${array}-${controller}${at + 1}`,
			controller,
			fabric,
			target,
			portal: `192.168.${71 + at}.${1 + side}:3260`,
		})),
	);
}

function demoLun(number: number, name: string, size: number, carries: string | null): LunPlan {
	return {
		wwid: lioWwid(number, "d"),
		sizeBytes: size * GiB,
		number,
		serial: `DEMO-${name}`,
		owner: number % 2 === 0 ? "b" : "a",
		carries,
	};
}

function vega(): ArrayPlan {
	return {
		name: "vega",
		vendor: "LIO-ORG",
		product: "vega",
		revision: "4.0",
		protocol: "iscsi",
		alua: true,
		ports: iscsiPorts("vega", "iqn.2026-11.demo:vega", ["lan-1", "lan-2"]),
		luns: [
			demoLun(1, "MILK", 512, "LVM2_member"),
			demoLun(2, "OIL", 256, "LVM2_member"),
			demoLun(3, "GRIT", 1024, "ext4"),
		],
	};
}

function altair(): ArrayPlan {
	return {
		name: "altair",
		vendor: "ALTAIR",
		product: "Quorum 9000",
		revision: "0042",
		protocol: "fc",
		alua: true,
		builtIn: { path_grouping_policy: "group_by_prio", failback: "immediate" },
		ports: ["fc-1", "fc-2"].flatMap((fabric, at) =>
			["a", "b"].map((controller, side) => ({
				name: `altair-${controller}${at + 1}`,
				controller,
				fabric,
				target: `0x5000a170${side}00000${at}1`,
				targetNode: "0x5000a17000000000",
			})),
		),
		luns: [
			{ ...demoLun(4, "TEA", 100, null), wwid: "36000a17000000000000000000000c4fe" },
			{ ...demoLun(5, "COFFEE", 2048, "LVM2_member"), wwid: "36000a1700000000000000000c0ffee00" },
			{ ...demoLun(6, "MYSTERY", 64, null), wwid: "36000a17000000000000000000000beef" },
		],
	};
}

/**
 * The demo of a fresh checkout: an iSCSI array on two networks and an FC array on two fabrics, four paths to each of five LUNs that everybody may use,
 * and one LUN that nobody has allowed yet.
 */
export function demoSanPlan(nodes: readonly string[] = ["n1", "n2", "n3"]): SanPlan {
	return {
		arrays: [vega(), altair()],
		nodes: nodes.map((name, at) => ({
			name,
			initiators: {
				"lan-1": { address: `192.168.71.${101 + at}` },
				"lan-2": { address: `192.168.72.${101 + at}` },
				"fc-1": {
					address: `0x2100001b3200${hex(at)}`,
					node: `0x2000001b3200${hex(at)}`,
					adapter: "0000:3b:00.0",
				},
				"fc-2": {
					address: `0x2101001b3200${hex(at)}`,
					node: `0x2001001b3200${hex(at)}`,
					adapter: "0000:3b:00.1",
				},
			},
		})),
	};
}

/** What the demo's fleet allows: WWIDs and aliases of all LUNs but the mystery one. */
export const demoAliases: Readonly<Record<string, string>> = {
	[lioWwid(1, "d")]: "milk-run",
	[lioWwid(2, "d")]: "midnight-oil",
	[lioWwid(3, "d")]: "backup-of-the-backup",
	"36000a17000000000000000000000c4fe": "tea-cache",
	"36000a1700000000000000000c0ffee00": "coffee-ledger",
};

export interface SanSize {
	readonly nodes: number;
	readonly luns: number;
	/** Ports of the array: each gives a path a LUN. */
	readonly pathsPerLun: number;
}

/** A SAN of one array with as many of everything as asked, for benches and wide tests; nodes `n1`, `n2`, … */
export function sanOf({ nodes, luns, pathsPerLun }: SanSize): SanPlan {
	const fabrics = pathsPerLun > 1 ? ["red", "blue"] : ["red"];
	return {
		arrays: [
			{
				name: "deneb",
				vendor: "LIO-ORG",
				product: "deneb",
				revision: "4.0",
				protocol: "iscsi",
				alua: false,
				ports: Array.from({ length: pathsPerLun }, (_, at) => ({
					name: `deneb-${at + 1}`,
					controller: at % 2 === 0 ? "a" : "b",
					fabric: fabrics[at % fabrics.length] ?? "red",
					target: "iqn.2026-11.test:deneb",
					portal: `10.${at % fabrics.length}.0.${at + 1}:3260`,
				})),
				luns: Array.from({ length: luns }, (_, at) => ({
					wwid: lioWwid(at + 1),
					sizeBytes: (at + 1) * GiB,
					number: at,
					serial: `D${at + 1}`,
				})),
			},
		],
		nodes: Array.from({ length: nodes }, (_, at): NodePlan => {
			const ofFabric = (number: number) => ({
				address: `10.${number}.${1 + Math.floor(at / 200)}.${1 + (at % 200)}`,
			});
			return { name: `n${at + 1}`, initiators: { red: ofFabric(0), blue: ofFabric(1) } };
		}),
	};
}

function hex(number: number): string {
	return number.toString(16).padStart(4, "0");
}

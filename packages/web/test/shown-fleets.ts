/** Fleets to be looked at. */
import type { Store } from "@pathkeeper/store";
import { ReportedFleet, wwidOf } from "../../server/test/reported-fleet.ts";
import { milk, oil, SimulatedFleet, tea } from "../../server/test/simulated-fleet.ts";

export interface ShownFleet extends AsyncDisposable {
	readonly store: Store;
	/** WWID of a LUN to look at. */
	readonly lun: string;
}

const grit = "36001405d000000000000000000000003";
const coffee = "36000a1700000000000000000c0ffee00";
const aliases: Readonly<Record<string, string>> = {
	[milk]: "milk-run",
	[oil]: "midnight-oil",
	[grit]: "backup-of-the-backup",
	[tea]: "tea-cache",
	[coffee]: "coffee-ledger",
};

/** The demo SAN on three hosts, with real agents; `alone`: no host has one yet. */
export async function demoFleet(state: "alone" | "empty" | "well" | "in trouble"): Promise<ShownFleet> {
	const nodes = ["n1", "n2", "n3"];
	const fleet = await SimulatedFleet.start({ nodes, simulated: true, agents: state !== "alone" });
	if (state === "well" || state === "in trouble") {
		for (const [wwid, alias] of Object.entries(aliases))
			await fleet.call("POST", "/cluster/multipath/wwids", { wwid, alias });
		await fleet.applied();
		await addStorages(fleet);
	}
	if (state === "in trouble") {
		await fleet.call("PUT", `/cluster/multipath/wwids/${milk}`, {
			comment: "the shop's database",
			"no-path-retry": "12",
		});
		await fleet.applied();
		fleet.san.failSession("n2", "vega-a1");
		for (const disk of fleet.san.nodes[0]?.disks ?? [])
			if (disk.lun.plan.wwid === oil) fleet.san.failPath("n1", disk.dev, "offline");
		await fleet.stopAgent("n3");
		await fleet.until("the failures are seen", async () => {
			const { luns } = await fleet.status();
			return luns.some((lun) => lun.wwid === oil && lun.state === "failed");
		});
	}
	return { store: fleet.store, lun: milk, [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose]() };
}

/** A storage of each type: LUNs, a volume group with disks of guests on one of them, and folders. */
export async function addStorages(fleet: SimulatedFleet): Promise<void> {
	const made = async (path: string, body: object) => {
		const answer = await fleet.call("POST", path, body);
		if (answer.status !== 200) throw new Error(answer.body);
	};
	await fleet.until("the maps are there", () =>
		Promise.resolve([...fleet.hosts.values()].every(({ kernel }) => kernel.map(tea) !== undefined)),
	);
	await made("/storage", { storage: "san", type: "multipath" });
	await made("/storage", { storage: "data", type: "lvm", vgname: "vg0", base: `san:${tea}`, shared: 1 });
	await made("/storage", { storage: "local", type: "dir", path: "/srv/local", content: "images,iso" });
	for (const [vmid, size] of [
		[100, "32G"],
		[100, "8G"],
		[204, "40G"],
	])
		await made("/nodes/n1/storage/data/content", { vmid, filename: "", size });
}

/** 2,000 LUNs on 64 hosts, of which a few are in trouble. */
export async function largeFleet(): Promise<ShownFleet> {
	const fleet = await ReportedFleet.start({ nodes: 64, luns: 2000, paths: 4 });
	await fleet.report("n7", ({ lun }) => lun % 160 === 0);
	await fleet.report("n9", ({ lun, path }) => path < 2 && lun % 30 === 0);
	await fleet.report("n11", ({ lun, path }) => path === 1 && lun < 40);
	await fleet.leave("n12");
	return { store: fleet.store, lun: wwidOf(160), [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose]() };
}

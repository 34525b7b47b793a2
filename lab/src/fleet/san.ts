/**
 * The array of a fleet: a guest whose kernel is the target (LIO, set up through configfs as targetcli does it). One
 * target with a portal group for each fabric; by ALUA the controller of fabric A owns every LUN, and B's ports are the
 * non-optimized ones. LUNs are files, and a node sees those that are mapped to its initiator's name.
 */
import type { Guest } from "../guest/guest.ts";
import { type Fabric, fabricCards, fabrics } from "../guest/layout.ts";
import { initiatorName, networks, type SanLun, sanLuns, targetName } from "./san-luns.ts";

const target = "/sys/kernel/config/target";
const store = `${target}/core/fileio_0`;
const portalGroups: Readonly<Record<Fabric, string>> = {
	a: `${target}/iscsi/${targetName}/tpgt_1`,
	b: `${target}/iscsi/${targetName}/tpgt_2`,
};
const aluaGroups = {
	a: { name: "optimized", id: 1, state: 0 },
	b: { name: "non_optimized", id: 2, state: 1 },
} as const satisfies Record<Fabric, object>;

export class San {
	readonly guest: Guest;

	constructor(guest: Guest) {
		this.guest = guest;
	}

	/** Makes the guest an array that exports the LUNs of `sanLuns` to the nodes of these names. */
	async setUp(nodes: readonly string[]): Promise<void> {
		await this.guest.exec(
			[
				"set -e",
				// The array is no host of its own disks.
				"systemctl stop multipathd.socket multipathd.service 2>&1",
				"modprobe -a target_core_file iscsi_target_mod",
				"mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config",
				`mkdir -p /srv/san ${store} ${fabrics.map((fabric) => portalGroups[fabric]).join(" ")}`,
				...fabrics.flatMap((fabric) => portal(fabric)),
				...sanLuns.flatMap((lun) => exported(lun)),
				...nodes.flatMap((node) => sanLuns.flatMap((lun) => mapped(lun, node))),
				...fabrics.map((fabric) => `echo 1 > ${portalGroups[fabric]}/enable`),
			].join("\n"),
			{ timeout: 180_000 },
		);
	}

	/** Takes the controller of a fabric off its network, or puts it back: every node loses every path through it. */
	async setFabric(fabric: Fabric, state: "down" | "up"): Promise<void> {
		await this.guest.exec(`ip link set ${fabricCards[fabric].device} ${state}`);
	}

	/** Exports one more LUN, to the nodes named only; they see it after a scan. */
	async add(lun: SanLun, nodes: readonly string[]): Promise<void> {
		const steps = [...exported(lun), ...nodes.flatMap((node) => mapped(lun, node))];
		await this.guest.exec(["set -e", ...steps].join("\n"));
	}

	/** Takes a LUN of `add` back. Nodes keep its devices, which fail from then on, until they delete them. */
	async remove(lun: SanLun, nodes: readonly string[]): Promise<void> {
		const groups = fabrics.map((fabric) => portalGroups[fabric]);
		const maps = groups.flatMap((group) => nodes.map((node) => aclLun(group, node, lun)));
		const steps = [
			...maps.flatMap((map) => [`rm ${map}/link`, `rmdir ${map}`]),
			...groups.flatMap((group) => [
				`rm ${group}/lun/lun_${lun.number}/link`,
				`rmdir ${group}/lun/lun_${lun.number}`,
			]),
			...fabrics.map((fabric) => `rmdir ${store}/lun${lun.number}/alua/${aluaGroups[fabric].name}`),
			`rmdir ${store}/lun${lun.number}`,
			`rm /srv/san/lun${lun.number}`,
		];
		await this.guest.exec(["set -e", ...steps].join("\n"));
	}
}

function portal(fabric: Fabric): readonly string[] {
	const { device } = fabricCards[fabric];
	const address = networks[fabric].portal;
	return [
		`ip link set ${device} up`,
		`ip address add ${address}/24 dev ${device}`,
		`mkdir ${portalGroups[fabric]}/np/${address}:3260`,
		`echo 0 > ${portalGroups[fabric]}/attrib/authentication`,
	];
}

/** The LUN as a file, with its ALUA groups, behind both portal groups. */
function exported({ number, bytes, serial }: SanLun): readonly string[] {
	const [device, file] = [`${store}/lun${number}`, `/srv/san/lun${number}`];
	return [
		`truncate -s ${bytes} ${file}`,
		`mkdir ${device}`,
		`echo fd_dev_name=${file},fd_dev_size=${bytes},fd_buffered_io=1 > ${device}/control`,
		`echo ${serial} > ${device}/wwn/vpd_unit_serial`,
		`echo 1 > ${device}/enable`,
		...fabrics.flatMap((fabric) => {
			const { name, id, state } = aluaGroups[fabric];
			const group = `${device}/alua/${name}`;
			return [
				`mkdir ${group}`,
				`echo ${id} > ${group}/tg_pt_gp_id`,
				// The array alone decides (implicit ALUA): an initiator that switched controllers would change it for all.
				`echo 1 > ${group}/alua_access_type`,
				`echo ${state} > ${group}/alua_access_state`,
			];
		}),
		...fabrics.flatMap((fabric) => {
			const lun = `${portalGroups[fabric]}/lun/lun_${number}`;
			return [
				`mkdir ${lun}`,
				`ln -s ${device} ${lun}/link`,
				`echo ${aluaGroups[fabric].name} > ${lun}/alua_tg_pt_gp`,
			];
		}),
	];
}

function mapped(lun: SanLun, node: string): readonly string[] {
	return fabrics.flatMap((fabric) => {
		const group = portalGroups[fabric];
		const map = aclLun(group, node, lun);
		return [`mkdir -p ${map}`, `ln -s ${group}/lun/lun_${lun.number} ${map}/link`];
	});
}

function aclLun(group: string, node: string, { number }: SanLun): string {
	return `${group}/acls/${initiatorName(node)}/lun_${number}`;
}

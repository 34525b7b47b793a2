import type { LunStatus } from "../fleet/lun-status.ts";
import type { Finding } from "../report.ts";
import { baseOf } from "./edit-storage-config.ts";
import type { Storage } from "./storage-config.ts";

/**
 * Volume groups of storages that stand on a LUN which a node should carry and cannot use, by node. Where it is not
 * known whether a node sees the LUN, the state of the LUN there says so.
 */
export function groupFindings(
	storages: readonly Storage[],
	luns: readonly LunStatus[],
): ReadonlyMap<string, readonly Finding[]> {
	const found = new Map<string, Finding[]>();
	const byWwid = new Map(luns.map((lun) => [lun.wwid, lun]));
	for (const storage of storages) {
		const { vgname } = storage.values;
		const lun = byWwid.get(baseOf(storage)?.volname ?? "");
		if (storage.disabled || vgname === undefined || lun === undefined) continue;
		for (const [node, { state }] of lun.nodes) {
			const has = storage.nodes === null || storage.nodes.includes(node);
			if (!has || (state !== "missing" && state !== "failed")) continue;
			const text = `volume group '${vgname}' of storage '${storage.id}' is on LUN ${lun.alias ?? lun.wwid}, which is ${state} on this node: the group is not seen here, and the storage cannot be used until the LUN is back`;
			const finding: Finding = { code: "vg-not-seen", severity: "warning", subject: lun.wwid, text };
			const here = found.get(node);
			if (here === undefined) found.set(node, [finding]);
			else here.push(finding);
		}
	}
	return found;
}

/**
 * The node's part of forgetting a LUN. The map goes first and the entry of the allow-list after it, because the
 * other way round a reconfigure would take the paths from under an open map (multipath-tools 0.12 and later). The
 * daemon itself refuses to remove an open map, so nothing here can cut a user off.
 */
import type { Host } from "@pathkeeper/host";
import { type KernelMap, PathkeeperError } from "@pathkeeper/model";
import type { LedgerFile } from "../apply/ledger.ts";

/** A uevent between `del map` and `multipath -w` can build the map again. */
const attempts = 3;

/** Throws LUN_IN_USE, naming node and users, when anything stands on the LUN's map here. Changes nothing. */
export async function guardLun(host: Host, wwid: string): Promise<void> {
	const map = await mapOf(host, wwid);
	if (map !== null && map.users.length > 0) throw inUse(host, wwid, map.users);
}

/**
 * Takes the LUN off this node: map, then allow-list entry. What Pathkeeper did not put there stays. Returns what was
 * done, in words. Throws LUN_IN_USE when it is used, and then nothing changed.
 */
export async function withdrawLun(host: Host, ledgerFile: LedgerFile, wwid: string): Promise<string[]> {
	await guardLun(host, wwid);
	const ledger = await ledgerFile.read();
	if (ledger.wwids[wwid] === undefined) {
		const listed = (await host.tools.listedWwids()).includes(wwid);
		return [
			listed
				? `${host.node}: the entry of ${wwid} in /etc/multipath/wwids was not made by Pathkeeper: entry and map stay`
				: `${host.node}: ${wwid} is not in the allow-list of this node`,
		];
	}
	const log: string[] = [];
	for (let attempt = 1; ; attempt++) {
		const map = await mapOf(host, wwid);
		if (map !== null) {
			await removeMap(host, map);
			log.push(`${host.node}: map ${map.name} (${map.dm}) removed`);
		}
		await host.tools.removeWwid(wwid);
		if ((await mapOf(host, wwid)) === null) break;
		if (attempt === attempts) {
			await host.tools.addWwid(wwid);
			throw inUse(host, wwid, ["the map comes back each time it is removed"]);
		}
	}
	const { [wwid]: _, ...rest } = ledger.wwids;
	await ledgerFile.write({ ...ledger, wwids: rest });
	log.push(`${host.node}: ${wwid} taken out of the allow-list`);
	return log;
}

async function mapOf(host: Host, wwid: string): Promise<KernelMap | null> {
	return (await host.sysfs.kernelMaps()).find((map) => map.wwid === wwid) ?? null;
}

async function removeMap(host: Host, map: KernelMap): Promise<void> {
	try {
		await host.multipathd.removeMap(map.name);
	} catch (error) {
		// The daemon looked later than our guard: somebody opened the map in between.
		if (error instanceof PathkeeperError && error.code === "MULTIPATHD_FAIL") {
			throw inUse(host, map.wwid, [error.message], error);
		}
		throw error;
	}
}

function inUse(host: Host, wwid: string, users: readonly string[], cause?: unknown): PathkeeperError {
	return new PathkeeperError("LUN_IN_USE", {
		values: { wwid, users: `${host.node}: ${users.join("; ")}` },
		cause,
	});
}

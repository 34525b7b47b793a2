/**
 * Takes LUNs off this host: the map first and the entry of the allow-list after it, because the other way round a
 * reconfigure would take the paths from under an open map (multipath-tools 0.12 and later). The daemon itself refuses
 * to remove an open map, so nothing here can cut a user off; and when it ends badly, the entries are back.
 */
import type { Host } from "@pathkeeper/host";
import { type KernelMap, PathkeeperError } from "@pathkeeper/model";

/** A uevent between `del map` and `multipath -w` can build the map again, and LVM may open it at once. */
const rounds = 3;

/** What became of one LUN: its maps that were removed, or why it stays, in words. */
export type MapRemoval = { readonly removed: readonly KernelMap[] } | { readonly stays: readonly string[] };

/** By WWID. Throws when multipathd or the program fails; then the entries are listed again as far as possible. */
export async function removeMaps(
	host: Pick<Host, "multipathd" | "tools" | "sysfs">,
	wwids: readonly string[],
	onStep?: () => void,
): Promise<ReadonlyMap<string, MapRemoval>> {
	const outcome = new Map<string, MapRemoval>();
	const removed = new Map<string, KernelMap[]>();
	const takenOut = new Set<string>();
	const stay = async (wwid: string, stays: readonly string[]) => {
		if (takenOut.delete(wwid)) await host.tools.addWwid(wwid);
		outcome.set(wwid, { stays });
	};
	try {
		let open = [...wwids];
		let maps = await mapsByWwid(host);
		for (let round = 1; open.length > 0; round++) {
			for (const wwid of open) {
				onStep?.();
				const map = maps.get(wwid);
				const refusal = map === undefined ? null : await removeMap(host, map, round);
				if (refusal !== null) {
					await stay(wwid, refusal);
					continue;
				}
				if (map !== undefined) removed.set(wwid, [...(removed.get(wwid) ?? []), map]);
				takenOut.add(wwid);
				await host.tools.removeWwid(wwid);
			}
			maps = await mapsByWwid(host);
			open = open.filter((wwid) => !outcome.has(wwid) && maps.has(wwid));
		}
	} catch (error) {
		for (const wwid of takenOut) {
			onStep?.();
			if (!outcome.has(wwid)) await addBack(host, wwid);
		}
		throw error;
	}
	for (const wwid of wwids) if (!outcome.has(wwid)) outcome.set(wwid, { removed: removed.get(wwid) ?? [] });
	return outcome;
}

/** The map of each LUN now, with those who use it. */
export async function mapsByWwid({ sysfs }: Pick<Host, "sysfs">): Promise<ReadonlyMap<string, KernelMap>> {
	return new Map((await sysfs.kernelMaps()).map((map) => [map.wwid, map]));
}

/** Null when it is gone, else why not. */
async function removeMap(
	{ multipathd }: Pick<Host, "multipathd">,
	map: KernelMap,
	round: number,
): Promise<readonly string[] | null> {
	if (map.users.length > 0) return map.users;
	if (round > rounds) return ["its map comes back each time it is removed"];
	try {
		await multipathd.removeMap(map.name);
		return null;
	} catch (error) {
		// The daemon looked later than we did: somebody opened the map in between.
		if (error instanceof PathkeeperError && error.code === "MULTIPATHD_FAIL") return [error.message];
		throw error;
	}
}

async function addBack({ tools }: Pick<Host, "tools">, wwid: string): Promise<void> {
	try {
		await tools.addWwid(wwid);
	} catch (error) {
		// The first error says more, and the ledger still knows the entry.
		if (!(error instanceof PathkeeperError)) throw error;
	}
}

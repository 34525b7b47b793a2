/**
 * How many paths a LUN should have when nobody set it: the highest number of configured paths that any node reports,
 * now or (for a node alone) since its map was created. Null where no node tells. Configured, not usable: a node whose
 * paths failed still proves that they belong there.
 */
export function expectedFromPeers(configured: Iterable<number | null>): number | null {
	let highest: number | null = null;
	for (const count of configured) {
		if (count !== null && (highest === null || count > highest)) highest = count;
	}
	return highest;
}

import type { MultipathMap, Path } from "@pathkeeper/model";

/**
 * How a list of the daemon differs from an earlier one, as far as it concerns what the kernel shows: other `maps` or
 * paths in them, or only other `states` of paths; null when in neither. A map that did not change is the same object
 * in both and costs nothing.
 */
export function differenceOf(
	before: readonly MultipathMap[],
	now: readonly MultipathMap[],
): "maps" | "states" | null {
	if (before.length !== now.length) return "maps";
	let difference: "states" | null = null;
	for (const [at, map] of now.entries()) {
		const former = before[at];
		if (former === map) continue;
		if (former === undefined || !isSameMap(former, map)) return "maps";
		for (const [g, { paths }] of map.groups.entries()) {
			for (const [p, path] of paths.entries()) {
				const then = former.groups[g]?.paths[p];
				if (then?.dev !== path.dev) return "maps";
				if (!isSameState(path, then)) difference = "states";
			}
		}
	}
	return difference;
}

/** True when the daemon says the same of a path as it said then. */
export function isSameState(path: Path, former: Path | undefined): boolean {
	return (
		former !== undefined &&
		path.dev === former.dev &&
		path.dmState === former.dmState &&
		path.deviceState === former.deviceState &&
		path.checkerState === former.checkerState
	);
}

function isSameMap(a: MultipathMap, b: MultipathMap): boolean {
	const sameGroups =
		a.groups.length === b.groups.length &&
		a.groups.every(({ paths }, at) => paths.length === b.groups[at]?.paths.length);
	return sameGroups && a.wwid === b.wwid && a.dm === b.dm && a.name === b.name;
}

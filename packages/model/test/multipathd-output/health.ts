import { lunVerdict, type MultipathMap, pathsOf, type Reading } from "@pathkeeper/model";

/** What a damaged text says better than the texts that it was made of. */
export interface Healthier {
	readonly map: string;
	readonly what: string;
	/** True when the map could not be read before either: then the damage took away what made it unreadable. */
	readonly unreadBefore: boolean;
}

/**
 * Maps that look healthier than any text before the damage says: `optimal` where none was, `degraded` where all were
 * failed, and a healthy map that no text had. `unknown` never is. A map is known by its WWID, or, where its first line
 * was damaged, by its paths. `expect`: how many paths each should have.
 */
export function healthierMaps(
	after: Reading,
	before: readonly Reading[],
	expect: (map: MultipathMap) => number | null = () => null,
): Healthier[] {
	const known = before.flatMap(({ maps }) => maps);
	return after.maps.flatMap((map) => {
		const state = stateOf(map, expect(map));
		if (state !== "optimal" && state !== "degraded") return [];
		const same = sameMaps(map, known);
		const states = new Set(same.map((other) => stateOf(other, null)));
		const unreadBefore = same.some(({ whole }) => !whole);
		const found = (what: string): Healthier[] => [{ map: map.wwid, what, unreadBefore }];
		if (same.length === 0) return found(`${state} and was nowhere`);
		if (state === "optimal" && !states.has("optimal"))
			return found(`optimal where it was ${[...states].join(", ")}`);
		if (state === "degraded" && [...states].every((word) => word === "failed"))
			return found("degraded where it was failed");
		return [];
	});
}

/** The maps that a map of a damaged text may be. */
export function sameMaps(map: MultipathMap, known: readonly MultipathMap[]): readonly MultipathMap[] {
	const same = known.filter(({ wwid }) => wwid === map.wwid);
	return same.length > 0 ? same : known.filter((other) => sharesPath(map, other));
}

function stateOf(map: MultipathMap, expectedPaths: number | null): string {
	return lunVerdict({ map, expectedPaths, node: null }).state;
}

function sharesPath(map: MultipathMap, other: MultipathMap): boolean {
	const others = pathsOf(other);
	return pathsOf(map).some(
		({ path }) =>
			path.dev !== "" && others.some(({ path: { dev, hctl } }) => dev === path.dev && hctl === path.hctl),
	);
}

/** A number of paths on one node through one port of an array. */
export interface Spot {
	readonly node: string;
	/** Null: the port is not told. */
	readonly port: string | null;
	readonly paths: number;
	readonly luns: ReadonlySet<string>;
}

/** Spots that probably have one cause. */
export interface Cause {
	readonly nodes: readonly string[];
	readonly ports: readonly string[];
	/** True when some of the paths go through a port that is not told. */
	readonly hasUntold: boolean;
	readonly paths: number;
	readonly luns: ReadonlySet<string>;
}

/** With more causes than these at once there is but one: something larger happened, and one entry tells it. */
const mostCauses = 6;

/**
 * Puts together what happened at the same time. A port of an array that fails is seen by all its nodes; a node that
 * loses a card loses all ports behind it: ports that trouble the same nodes are one cause, or nodes that are troubled
 * by the same ports, whichever explains it with fewer.
 */
export function causesOf(spots: readonly Spot[]): Cause[] {
	const byPort = merged(
		spots,
		({ port }) => port,
		({ node }) => node,
	);
	const byNode = merged(
		spots,
		({ node }) => node,
		({ port }) => port,
	);
	const fewer = byNode.length < byPort.length ? byNode : byPort;
	return fewer.length > mostCauses ? [causeOf(spots)] : fewer.map(causeOf);
}

/** Groups by one key, and joins groups that hold the same set of the other. */
function merged(
	spots: readonly Spot[],
	key: (spot: Spot) => string | null,
	other: (spot: Spot) => string | null,
): Spot[][] {
	const groups = [...Map.groupBy(spots, key).values()];
	const alike = Map.groupBy(groups, (group) => JSON.stringify([...new Set(group.map(other))].sort()));
	return [...alike.values()].map((same) => same.flat());
}

function causeOf(spots: readonly Spot[]): Cause {
	return {
		nodes: [...new Set(spots.map(({ node }) => node))].sort(),
		ports: [...new Set(spots.flatMap(({ port }) => port ?? []))].sort(),
		hasUntold: spots.some(({ port }) => port === null),
		paths: spots.reduce((sum, { paths }) => sum + paths, 0),
		luns: new Set(spots.flatMap(({ luns }) => [...luns])),
	};
}

/** The ways from nodes to a LUN, as a picture in four columns: node, initiator port, target port, LUN. */
import { type LunState, urgency } from "@pathkeeper/model";
import type { LunMap } from "./lun-map.ts";

export interface Way {
	readonly node: string;
	readonly initiator: string;
	readonly port: string;
	/** Verdict word of the path; `absent`: the node has no path there, and others have. */
	readonly state: string;
	readonly dev: string;
	readonly hctl: string | null;
	readonly group: number;
	readonly priority: number | null;
	readonly words: string;
}

export interface Point {
	readonly id: string;
	readonly label: string;
	readonly y: number;
}

export interface WaysPicture {
	readonly ways: readonly Way[];
	readonly nodes: readonly Point[];
	readonly initiators: readonly Point[];
	readonly ports: readonly Point[];
	readonly height: number;
}

const step = 34;

/** The ways of so many nodes are drawn; more would be no picture. */
export const mostPictured = 8;

/**
 * The nodes to draw: those in the worst state that have a map, so that a failed one is never missing among many. One
 * of whose map nothing is known has nothing to be drawn, and comes last.
 */
export function picturedNodes(
	maps: readonly LunMap[],
	nodes: Readonly<Record<string, { readonly state: LunState }>>,
): ReadonlySet<string> {
	const rank = ({ node, map }: LunMap) => (map === null ? 100 : urgency(nodes[node]?.state ?? "unknown"));
	const sorted = maps.toSorted((a, b) => rank(a) - rank(b) || byNumber(a.node, b.node));
	return new Set(sorted.slice(0, mostPictured).map(({ node }) => node));
}

export function waysOf(maps: readonly LunMap[]): readonly Way[] {
	const there = maps.flatMap(({ node, map }) =>
		(map?.groups ?? []).flatMap(({ group, paths }) =>
			paths.map((path): Way => {
				const { transport } = path;
				return {
					node,
					initiator: transport?.initiator ?? hostOf(path.hctl),
					port: transport?.portal ?? transport?.target ?? "not told",
					state: path.state,
					dev: path.dev,
					hctl: path.hctl,
					group,
					priority: path.priority,
					words: [
						path["checker-state"] === null ? null : `checker ${path["checker-state"]}`,
						path["dm-state"] === null ? null : `dm ${path["dm-state"]}`,
						path["device-state"] === null ? null : `device ${path["device-state"]}`,
					]
						.filter((word) => word !== null)
						.join(", "),
				};
			}),
		),
	);
	return [...there, ...absentWays(there, maps)];
}

/** Ports that some node reaches and another, of whose map we know, does not. */
function absentWays(there: readonly Way[], maps: readonly LunMap[]): readonly Way[] {
	const ports = [...new Set(there.map(({ port }) => port))].filter((port) => port !== "not told");
	const byNode = Map.groupBy(there, ({ node }) => node);
	return maps.flatMap(({ node, map }) => {
		if (map === null) return [];
		const own = byNode.get(node) ?? [];
		if (own.some(({ port }) => port === "not told")) return [];
		return ports
			.filter((port) => !own.some((way) => way.port === port))
			.map((port) => ({
				node,
				port,
				initiator: "no path",
				state: "absent",
				dev: "",
				hctl: null,
				group: 0,
				priority: null,
				words: "others have this path",
			}));
	});
}

function hostOf(hctl: string | null): string {
	const host = hctl?.split(":")[0];
	return host === undefined || host === "#" ? "not told" : `host ${host}`;
}

export function pictureOf(ways: readonly Way[]): WaysPicture {
	const nodes = unique(ways.map(({ node }) => node));
	const initiators = unique(ways.map(({ node, initiator }) => `${node}\n${initiator}`));
	const ports = unique(ways.map(({ port }) => port).sort(byNumber));
	const height = Math.max(initiators.length, ports.length, nodes.length) * step + 20;
	const spread = (ids: readonly string[]): Point[] =>
		ids.map((id, at) => ({ id, label: id.split("\n").at(-1) ?? id, y: ((at + 0.5) * height) / ids.length }));
	const initiatorPoints = spread(initiators);
	const nodePoints = nodes.map((id) => {
		const own = initiatorPoints.filter((point) => point.id.startsWith(`${id}\n`));
		return { id, label: id, y: own.reduce((sum, { y }) => sum + y, 0) / Math.max(1, own.length) };
	});
	return { ways, nodes: nodePoints, initiators: initiatorPoints, ports: spread(ports), height };
}

function unique(texts: readonly string[]): readonly string[] {
	return [...new Set(texts)];
}

function byNumber(a: string, b: string): number {
	return a.localeCompare(b, "en", { numeric: true });
}

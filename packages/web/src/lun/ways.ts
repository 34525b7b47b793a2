/** The paths from nodes to a LUN, as a picture in four columns: node, initiator port, target port, LUN. */
import { type LunState, urgency } from "@pathkeeper/model";
import { pathStates } from "../nodes/path-states.ts";
import { byName } from "../ui/by-name.ts";
import type { LunMap } from "./lun-map.ts";

export interface Way {
	readonly node: string;
	readonly initiator: string;
	readonly port: string;
	/** State of the path; `absent`: the node has no path to this port, and others have. */
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

/** Paths of this many nodes are drawn; more would not be readable. */
export const maxPictured = 8;

/**
 * The nodes to draw: those in the worst state that have a map, so that a failed one is never left out among many. A
 * node whose map is unknown has nothing to draw, and comes last.
 */
export function picturedNodes(
	maps: readonly LunMap[],
	nodes: Readonly<Record<string, { readonly state: LunState }>>,
): ReadonlySet<string> {
	const rank = ({ node, map }: LunMap) => (map === null ? 100 : urgency(nodes[node]?.state ?? "unknown"));
	const sorted = maps.toSorted((a, b) => rank(a) - rank(b) || byName(a.node, b.node));
	return new Set(sorted.slice(0, maxPictured).map(({ node }) => node));
}

export function waysOf(maps: readonly LunMap[]): readonly Way[] {
	const there = maps.flatMap(({ node, map }) =>
		(map?.groups ?? []).flatMap(({ group, paths }) =>
			paths.map((path): Way => {
				const { transport } = path;
				return {
					node,
					initiator: transport?.initiator ?? hostOf(path.hctl),
					port: transport?.portal ?? transport?.target ?? "not reported",
					state: path.state,
					dev: path.dev,
					hctl: path.hctl,
					group,
					priority: path.priority,
					words: pathStates(path),
				};
			}),
		),
	);
	return [...there, ...absentWays(there, maps)];
}

/** Ports that some node reaches and another, whose map is known, does not. */
function absentWays(there: readonly Way[], maps: readonly LunMap[]): readonly Way[] {
	const ports = [...new Set(there.map(({ port }) => port))].filter((port) => port !== "not reported");
	const byNode = Map.groupBy(there, ({ node }) => node);
	return maps.flatMap(({ node, map }) => {
		if (map === null) return [];
		const own = byNode.get(node) ?? [];
		if (own.some(({ port }) => port === "not reported")) return [];
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
				words: "other nodes have this path",
			}));
	});
}

function hostOf(hctl: string | null): string {
	const host = hctl?.split(":")[0];
	return host === undefined || host === "#" ? "not reported" : `host ${host}`;
}

export function pictureOf(ways: readonly Way[]): WaysPicture {
	const nodes = unique(ways.map(({ node }) => node));
	const initiators = unique(ways.map(({ node, initiator }) => `${node}\n${initiator}`));
	const ports = unique(ways.map(({ port }) => port).sort(byName));
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

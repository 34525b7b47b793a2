/** What the server says of the fleet, read without trusting its shape. */
import { isObject, type JsonObject, member } from "../unknown-json.ts";

export interface FleetStatus {
	readonly luns: readonly LunInFleet[];
	/** By name. */
	readonly nodes: ReadonlyMap<string, NodeInFleet>;
}

export interface LunInFleet {
	readonly wwid: string;
	readonly alias: string | null;
	readonly state: string;
	readonly reasons: readonly string[];
	/** By name of the node. */
	readonly nodes: ReadonlyMap<string, LunOnNode>;
}

export interface LunOnNode {
	readonly state: string;
	readonly paths: number;
	readonly usable: number;
	readonly reasons: readonly string[];
}

export interface NodeInFleet {
	readonly online: boolean;
	/** Whether it has applied the current configuration. */
	readonly current: boolean;
	/** `applied`, `pending` or `failed`. */
	readonly applied: string;
	/** Why it could not apply it; empty when it could. */
	readonly error: string;
	readonly settling: boolean;
	/** Texts of its findings. */
	readonly findings: readonly string[];
}

/** Undefined for anything that is no answer to `/cluster/multipath/status`. */
export function fleetStatusFrom(data: unknown): FleetStatus | undefined {
	const [luns, nodes] = [member(data, "luns"), member(data, "nodes")];
	if (!Array.isArray(luns) || !Array.isArray(nodes)) return undefined;
	return {
		luns: luns.filter(isObject).map(lunFrom),
		nodes: new Map(nodes.filter(isObject).map((node) => [String(node["node"]), nodeFrom(node)])),
	};
}

function lunFrom(lun: JsonObject): LunInFleet {
	const { wwid, alias, state, reasons, nodes } = lun;
	return {
		wwid: String(wwid),
		alias: typeof alias === "string" ? alias : null,
		state: String(state),
		reasons: texts(reasons),
		nodes: new Map(
			Object.entries(isObject(nodes) ? nodes : {}).map(([node, here]) => [
				node,
				{
					state: String(member(here, "state")),
					paths: Number(member(here, "paths")),
					usable: Number(member(here, "usable")),
					reasons: texts(member(here, "reasons")),
				},
			]),
		),
	};
}

function nodeFrom(node: JsonObject): NodeInFleet {
	const { applied, findings } = node;
	return {
		online: node["online"] === 1,
		current: member(applied, "current") === 1,
		applied: String(member(applied, "state")),
		error: String(member(applied, "error") ?? ""),
		settling: node["settling"] === 1,
		findings: Array.isArray(findings) ? findings.map((finding) => String(member(finding, "text"))) : [],
	};
}

function texts(value: unknown): readonly string[] {
	return Array.isArray(value) ? value.map(String) : [];
}

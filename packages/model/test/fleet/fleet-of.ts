/** A fleet in a few words: nodes whose reports hold just what a test is about. */
import type {
	AllowedLun,
	Candidate,
	KernelMap,
	MultipathMap,
	NodeView,
	Path,
	Report,
} from "../../src/index.ts";

export const wwid = "360014050000000100005ca14ab18000";
const GiB = 1024 ** 3;

export function allowed(changes: Partial<AllowedLun> = {}): AllowedLun {
	return { wwid, alias: "db-log", comment: null, expectedPaths: null, nodes: null, settings: {}, ...changes };
}

export function configOf(...luns: readonly AllowedLun[]) {
	return { defaults: {}, luns };
}

/** A path; `portal` is the last octet of its address. */
export function pathTo(portal: number, changes: Partial<Path> = {}): Path {
	return {
		dev: `sd${String.fromCharCode(97 + portal)}`,
		devT: `8:${16 * portal}`,
		hctl: `${portal}:0:0:1`,
		dmState: "active",
		deviceState: "running",
		checkerState: "ready",
		checker: "tur",
		priority: 50,
		marginal: false,
		anaState: null,
		transport: {
			protocol: "iscsi",
			initiator: "192.168.72.101",
			target: "iqn.2026-11.test:vega",
			portal: `192.168.72.${portal}:3260`,
		},
		...changes,
	};
}

export const failed = { dmState: "failed", checkerState: "faulty" };

export function mapWith(paths: readonly Path[], changes: Partial<MultipathMap> = {}): MultipathMap {
	return {
		name: "db-log",
		wwid,
		dm: "dm-3",
		vendor: "LIO-ORG",
		product: "vega",
		revision: "4.0",
		sizeBytes: 10 * GiB,
		suspended: false,
		readOnly: false,
		queueing: "off",
		features: "0",
		hardwareHandler: "1 alua",
		failback: "immediate",
		action: null,
		groups: [{ number: 1, dmState: "active", priority: 50, selector: null, marginal: false, paths }],
		whole: true,
		...changes,
	};
}

/** A healthy map with paths through portals 1 to `count`. */
export function healthyMap(count: number, changes: Partial<MultipathMap> = {}): MultipathMap {
	return mapWith(
		Array.from({ length: count }, (_, n) => pathTo(n + 1)),
		changes,
	);
}

export function kernelMap(changes: Partial<KernelMap> = {}): KernelMap {
	return {
		dm: "dm-3",
		name: "db-log",
		wwid,
		sizeBytes: 10 * GiB,
		suspended: false,
		slaves: ["sdb", "sdc"],
		openCount: 0,
		users: [],
		...changes,
	};
}

export function candidate(changes: Partial<Candidate> = {}): Candidate {
	return {
		dev: "sdz",
		wwid,
		sizeBytes: 10 * GiB,
		vendor: "LIO-ORG",
		product: "vega",
		hctl: "9:0:0:1",
		transport: null,
		carries: null,
		...changes,
	};
}

export interface NodeFacts extends Partial<Omit<Report, "maps" | "multipathd" | "applied">> {
	readonly map?: MultipathMap | null;
	readonly maps?: readonly MultipathMap[];
	readonly online?: boolean;
	readonly daemon?: Partial<Report["multipathd"]>;
	readonly applied?: Partial<Report["applied"]>;
}

/** A node whose agent reports; calm, applied, and with the one map unless told otherwise. */
export function node(name: string, facts: NodeFacts = {}): NodeView {
	const { map, maps, online, daemon, applied, ...rest } = facts;
	return {
		node: name,
		online: online ?? true,
		problem: null,
		report: {
			node: name,
			at: 1_700_000_000_000,
			intervalMs: 5000,
			simulated: true,
			agentVersion: "0.1.0",
			multipathd: { state: "running", problem: null, version: "0.11.1", pollingIntervalS: 5, ...daemon },
			settling: false,
			maps: maps ?? (map === null ? [] : [map ?? healthyMap(4)]),
			kernelMaps: [],
			candidates: [],
			foreignDmNames: [],
			highestPaths: {},
			applied: {
				state: "applied",
				configDigest: "d1",
				overridesDigest: "",
				at: 1_700_000_000_000,
				error: null,
				...applied,
			},
			findings: [],
			...rest,
		},
	};
}

/** A node of which there is no report. */
export function silentNode(name: string, facts: { online: boolean; problem?: string }): NodeView {
	return { node: name, online: facts.online, report: null, problem: facts.problem ?? null };
}

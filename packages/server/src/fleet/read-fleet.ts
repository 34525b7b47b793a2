import { type FleetConfig, type KnownNames, type NodeView, readFleetConfig } from "@pathkeeper/model";
import { type ConfigDocument, readConfig, readNodes, readReports, type Store } from "@pathkeeper/store";

/** The fleet as the store shows it at one moment: wish, nodes, and what could not be understood. */
export interface Fleet {
	readonly config: FleetConfig;
	readonly document: ConfigDocument;
	readonly overrides: ConfigDocument;
	/** Problems of the stored configuration, in words. */
	readonly problems: readonly string[];
	readonly nodes: readonly NodeView[];
}

export async function readFleet(store: Store): Promise<Fleet> {
	const document = await readConfig(store, "multipath.cfg");
	const overrides = await readConfig(store, "multipath-overrides.conf");
	const { config, problems } = readFleetConfig(document.text);
	return {
		config,
		document,
		overrides,
		problems: problems.map(({ line, column, text }) => `multipath.cfg:${line}:${column}: ${text}`),
		nodes: await readNodeViews(store),
	};
}

/** Nodes that ever joined, with the report of each that is online. */
export async function readNodeViews(store: Store): Promise<NodeView[]> {
	const reports = new Map((await readReports(store)).map((report) => [report.node, report]));
	const nodes = await readNodes(store);
	return nodes.map(({ node, member, problem }) => {
		const found = reports.get(node);
		return {
			node,
			online: member !== null,
			report: found?.report ?? null,
			problem: found?.problem ?? problem,
		};
	});
}

/** Names that an alias must not take: every WWID seen, every device-mapper name of every node. */
export function knownNames(nodes: readonly NodeView[]): KnownNames {
	return {
		wwids: nodes.flatMap(({ report }) =>
			[...(report?.kernelMaps ?? []), ...(report?.candidates ?? [])].flatMap(({ wwid }) => wwid ?? []),
		),
		dmDevices: nodes.flatMap(({ node, report }) => [
			...(report?.kernelMaps ?? []).map(({ name, wwid }) => ({ node, name, wwid })),
			...(report?.foreignDmNames ?? []).map((name) => ({ node, name, wwid: null })),
		]),
	};
}

import {
	type FleetConfig,
	type KnownNames,
	lintOverrides,
	type NodeView,
	readFleetConfig,
} from "@pathkeeper/model";
import {
	type ConfigDocument,
	type NodeReport,
	readConfig,
	readNodes,
	reportPrefix,
	reportReader,
	type Store,
} from "@pathkeeper/store";
import { type LocatedProblem, located } from "./problems.ts";

/** The fleet as the store shows it at one moment: wish, nodes, and what could not be understood. */
export interface Fleet {
	readonly config: FleetConfig;
	readonly document: ConfigDocument;
	readonly overrides: ConfigDocument;
	/** Problems of the stored configuration, in words. */
	readonly problems: readonly string[];
	readonly nodes: readonly NodeView[];
}

export interface FleetReader {
	read(): Promise<Fleet>;
	/** Nodes that ever joined, with the report of each that is online. */
	nodes(): Promise<NodeView[]>;
}

/** Reads the fleet again and again, and unpacks only the reports that changed since. */
export function fleetReader(store: Store): FleetReader {
	const unpack = reportReader();
	const nodes = async () => {
		const reports = unpack((await store.list(reportPrefix)).entries);
		return joined(await readNodes(store), reports);
	};
	return {
		nodes,
		async read() {
			const document = await readConfig(store, "multipath.cfg");
			const overrides = await readConfig(store, "multipath-overrides.conf");
			const { config, problems } = readFleetConfig(document.text);
			return {
				config,
				document,
				overrides,
				problems: [
					...problems.map((problem) => located("multipath.cfg", problem)),
					...overridesProblems(overrides.text),
				],
				nodes: await nodes(),
			};
		},
	};
}

/** Problems of an overrides text, located. */
export function overridesProblems(text: string): string[] {
	const problems: readonly LocatedProblem[] = lintOverrides(text, {});
	return problems.map((problem) => located("multipath-overrides.conf", problem));
}

function joined(nodes: Awaited<ReturnType<typeof readNodes>>, reports: readonly NodeReport[]): NodeView[] {
	const byNode = new Map(reports.map((report) => [report.node, report]));
	return nodes.map(({ node, member, problem }) => {
		const found = byNode.get(node);
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

/** Nodes that see a LUN now, as a map or as bare path devices. */
export function nodesThatSee(wwid: string, nodes: readonly NodeView[]): string[] {
	return nodes
		.filter(({ report }) =>
			[...(report?.maps ?? []), ...(report?.kernelMaps ?? []), ...(report?.candidates ?? [])].some(
				(device) => device.wwid === wwid,
			),
		)
		.map(({ node }) => node);
}

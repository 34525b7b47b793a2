/**
 * The fleet as the store shows it at the moment of a request: what cannot be read now is an error, never something
 * from before. For what is told as it happens there is `live/`.
 */
import {
	type FleetConfig,
	isSeen,
	JudgedFleet,
	type KnownNames,
	type LunStatus,
	lintOverrides,
	type NodeFacts,
	type NodeView,
	nodeFacts,
	PathkeeperError,
	readFleetConfig,
} from "@pathkeeper/model";
import {
	type ConfigDocument,
	type FleetNode,
	readConfig,
	readNodes,
	reportPrefix,
	type Store,
	storedReports,
} from "@pathkeeper/store";
import type { ReportFacts } from "../live/report-facts.ts";
import { type LocatedProblem, located } from "./problems.ts";

/** The wish, and what of it could not be understood. */
export interface StoredConfig {
	readonly config: FleetConfig;
	readonly document: ConfigDocument;
	readonly overrides: ConfigDocument;
	/** Problems of the stored configuration, in words. */
	readonly problems: readonly string[];
}

/** The wish and the nodes of one moment. */
export interface Fleet extends StoredConfig {
	readonly nodes: readonly NodeFacts[];
}

export class FleetReader {
	readonly #store: Store;
	readonly #facts: ReportFacts;
	readonly #judged = new JudgedFleet();

	/** With the facts of `LiveFleet`, what that has read already is not read again. */
	constructor(store: Store, facts: ReportFacts) {
		this.#store = store;
		this.#facts = facts;
	}

	async config(): Promise<StoredConfig> {
		const document = await readConfig(this.#store, "multipath.cfg");
		const overrides = await readConfig(this.#store, "multipath-overrides.conf");
		const { config, problems } = readFleetConfig(document.text);
		return {
			config,
			document,
			overrides,
			problems: [
				...problems.map((problem) => located("multipath.cfg", problem)),
				...overridesProblems(overrides.text),
			],
		};
	}

	/** Nodes that ever joined, sorted by name, and whether they are here. */
	async members(): Promise<readonly FleetNode[]> {
		return await readNodes(this.#store);
	}

	/** Every node that ever joined, with the facts of its report if it is online. */
	async nodes(): Promise<NodeFacts[]> {
		const reports = storedReports((await this.#store.list(reportPrefix)).entries);
		const known = new Map<string, NodeFacts>();
		for (const report of reports) known.set(report.node, await this.#facts.of(report));
		return (await this.members()).map(({ node, member, problem }) => {
			const online = member !== null;
			const facts = known.get(node);
			if (facts === undefined) return nodeFacts({ node, online, report: null, problem });
			return { ...facts, online, problem: facts.problem ?? problem };
		});
	}

	async fleet(): Promise<Fleet> {
		return { ...(await this.config()), nodes: await this.nodes() };
	}

	/** The fleet, and the health that follows from it as `fleetStatus` tells it. */
	async health(): Promise<Fleet & { readonly luns: readonly LunStatus[] }> {
		const fleet = await this.fleet();
		const { config, document, nodes } = fleet;
		const judged = this.#judged;
		if (judged.configDigest !== document.digest) judged.setConfig(config, { configDigest: document.digest });
		const names = new Set(nodes.map(({ node }) => node));
		for (const { node } of judged.nodes) if (!names.has(node)) judged.removeNode(node);
		for (const node of nodes) judged.setNode(node);
		judged.judge();
		return { ...fleet, luns: judged.luns };
	}

	/** One node with its whole report. Throws NOT_FOUND when none of this name ever joined. */
	async node(name: string): Promise<NodeView> {
		const found = (await this.members()).find(({ node }) => node === name);
		if (found === undefined) {
			throw new PathkeeperError("NOT_FOUND", { values: { what: `node '${name}'` } });
		}
		const online = found.member !== null;
		const { entries } = await this.#store.list(reportPrefix);
		const stored = storedReports(entries).find(({ node }) => node === name);
		if (stored === undefined) return { node: name, online, report: null, problem: found.problem };
		const { report, problem } = stored.read();
		return { node: name, online, report, problem: problem ?? found.problem };
	}
}

/** Problems of an overrides text, located. */
export function overridesProblems(text: string): string[] {
	const problems: readonly LocatedProblem[] = lintOverrides(text, {});
	return problems.map((problem) => located("multipath-overrides.conf", problem));
}

/** Names that an alias must not take: every WWID seen, every device-mapper name of every node. */
export function knownNames(nodes: readonly NodeFacts[]): KnownNames {
	const wwids = new Set<string>();
	for (const { luns } of nodes) {
		for (const [wwid, facts] of luns) if (isSeen(facts)) wwids.add(wwid);
	}
	return {
		wwids: [...wwids],
		dmDevices: nodes.flatMap(({ node, luns, head }) => [
			...[...luns].flatMap(([wwid, { kernel }]) =>
				kernel === null ? [] : [{ node, name: kernel.name, wwid }],
			),
			...(head?.foreignDmNames ?? []).map((name) => ({ node, name, wwid: null })),
		]),
	};
}

/** Nodes that see a LUN now, as a map or as bare path devices. */
export function nodesThatSee(wwid: string, nodes: readonly NodeFacts[]): string[] {
	return nodes.flatMap(({ node, luns }) => {
		const facts = luns.get(wwid);
		return facts !== undefined && isSeen(facts) ? [node] : [];
	});
}

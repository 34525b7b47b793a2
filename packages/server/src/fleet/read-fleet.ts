/**
 * The fleet as the store shows it at the moment of a request: what cannot be read now is an error, never something
 * from before. For what is told as it happens there is `live/`.
 */
import {
	type Acknowledgement,
	type FleetConfig,
	isSeen,
	JudgedFleet,
	type KnownNames,
	type LunStatus,
	lintOverrides,
	type NodeFacts,
	type NodeView,
	PathkeeperError,
	readFleetConfig,
} from "@pathkeeper/model";
import {
	type ConfigDocument,
	type FleetNode,
	readAcknowledgements,
	readConfig,
	readNodes,
	reportPrefix,
	type Store,
	type StoredReport,
	storedReports,
} from "@pathkeeper/store";
import type { ReportFacts } from "../live/report-facts.ts";
import { factsOfNode, isCurrent } from "./node-facts.ts";
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

/** A fleet with the health that follows from it. */
export interface FleetHealth extends Fleet {
	readonly luns: readonly LunStatus[];
}

/** Who ever joined, and the reports by node. */
interface Stored {
	readonly members: readonly FleetNode[];
	readonly reports: ReadonlyMap<string, StoredReport>;
	readonly acknowledgements: readonly Acknowledgement[];
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

	/** Every node that ever joined, with the facts of its report; of a silent one those are what was last known. */
	async nodes(): Promise<NodeFacts[]> {
		return await this.#factsOf(await this.#stored());
	}

	async fleet(): Promise<Fleet> {
		return { ...(await this.config()), nodes: await this.nodes() };
	}

	/** The fleet, and the health that follows from it as `fleetStatus` tells it. */
	async health(): Promise<FleetHealth> {
		return this.#judge(await this.fleet());
	}

	/** One node with its whole report. Throws NOT_FOUND when none of this name ever joined. */
	async node(name: string): Promise<NodeView> {
		return viewOf(name, await this.#stored());
	}

	/** One node as `node` gives it, and the health of the fleet from the same reports. */
	async nodeAndHealth(name: string): Promise<{ readonly view: NodeView; readonly health: FleetHealth }> {
		const stored = await this.#stored();
		const view = viewOf(name, stored);
		const fleet = { ...(await this.config()), nodes: await this.#factsOf(stored) };
		return { view, health: this.#judge(fleet) };
	}

	async #stored(): Promise<Stored> {
		const reports = storedReports((await this.#store.list(reportPrefix)).entries);
		return {
			reports: new Map(reports.map((report) => [report.node, report])),
			members: await this.members(),
			acknowledgements: await readAcknowledgements(this.#store),
		};
	}

	async #factsOf({ members, reports, acknowledgements }: Stored): Promise<NodeFacts[]> {
		const nodes: NodeFacts[] = [];
		for (const member of members) {
			const report = reports.get(member.node);
			const known =
				report === undefined ? undefined : { revision: report.revision, facts: await this.#facts.of(report) };
			nodes.push(factsOfNode(member, known, acknowledgements));
		}
		return nodes;
	}

	#judge(fleet: Fleet): FleetHealth {
		const { config, document, nodes } = fleet;
		const judged = this.#judged;
		if (judged.configDigest !== document.digest) judged.setConfig(config, { configDigest: document.digest });
		const names = new Set(nodes.map(({ node }) => node));
		for (const { node } of judged.nodes) if (!names.has(node)) judged.removeNode(node);
		for (const node of nodes) judged.setNode(node);
		judged.judge();
		return { ...fleet, luns: judged.luns };
	}
}

function viewOf(name: string, { members, reports }: Stored): NodeView {
	const found = members.find(({ node }) => node === name);
	if (found === undefined) throw new PathkeeperError("NOT_FOUND", { values: { what: `node '${name}'` } });
	const online = found.member !== null;
	const stored = reports.get(name);
	if (stored === undefined) return { node: name, online, report: null, problem: found.problem };
	const { report, problem } = stored.read();
	if (!isCurrent(found, stored))
		return { node: name, online, report: null, problem: found.problem, last: report };
	return { node: name, online, report, problem: problem ?? found.problem };
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

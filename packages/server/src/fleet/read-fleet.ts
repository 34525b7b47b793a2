/**
 * The fleet as the store shows it at the moment of a request: what cannot be read now is an error, never something
 * from before. For what is shown as it happens there is `live-fleet.ts`.
 */
import {
	type Acknowledgement,
	type FleetConfig,
	isSeen,
	type KnownNames,
	type LunStatus,
	type NodeFacts,
	type NodeView,
	PathkeeperError,
	readFleetConfig,
} from "@pathkeeper/model";
import {
	type ConfigDocument,
	type FleetNode,
	type NodeReport,
	readAcknowledgements,
	readConfig,
	readNodes,
	reportPrefix,
	type Store,
	type StoredReport,
	storedReports,
} from "@pathkeeper/store";
import { located, overridesProblems } from "../documents/problems.ts";
import type { FleetJudge } from "./fleet-judge.ts";
import { factsOfNode, isCurrent } from "./node-facts.ts";
import type { ReportFacts } from "./report-facts.ts";

/** The texts of the wish. */
export interface StoredDocuments {
	/** `multipath.cfg` */
	readonly document: ConfigDocument;
	readonly overrides: ConfigDocument;
}

/** The wish, and what of it could not be understood. */
export interface StoredConfig extends StoredDocuments {
	readonly config: FleetConfig;
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
	readonly #judge: FleetJudge;

	/** With facts and judge of `LiveFleet`, what that has read and judged already is not done again. */
	constructor(store: Store, { facts, judge }: { readonly facts: ReportFacts; readonly judge: FleetJudge }) {
		this.#store = store;
		this.#facts = facts;
		this.#judge = judge;
	}

	/** The documents as they are, nothing of them read. */
	async documents(): Promise<StoredDocuments> {
		return {
			document: await readConfig(this.#store, "multipath.cfg"),
			overrides: await readConfig(this.#store, "multipath-overrides.conf"),
		};
	}

	async config(): Promise<StoredConfig> {
		const { document, overrides } = await this.documents();
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

	/** The fleet, and the health that follows from it. */
	async health(): Promise<FleetHealth> {
		return this.#healthOf(await this.fleet());
	}

	/** A whole report, read at a bounded cost. */
	async reportOf(stored: StoredReport): Promise<NodeReport> {
		return await this.#facts.reportOf(stored);
	}

	/** One node with its whole report. Throws NOT_FOUND when none of this name ever joined. */
	async node(name: string): Promise<NodeView> {
		return await this.#viewOf(name, await this.#stored());
	}

	/** One node as `node` gives it, and the health of the fleet from the same reports. */
	async nodeAndHealth(name: string): Promise<{ readonly view: NodeView; readonly health: FleetHealth }> {
		const stored = await this.#stored();
		const view = await this.#viewOf(name, stored);
		const fleet = { ...(await this.config()), nodes: await this.#factsOf(stored) };
		return { view, health: this.#healthOf(fleet) };
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
			const known = report === undefined ? undefined : await this.#facts.of(report);
			nodes.push(factsOfNode(member, known, acknowledgements));
		}
		return nodes;
	}

	async #viewOf(name: string, { members, reports }: Stored): Promise<NodeView> {
		const found = members.find(({ node }) => node === name);
		if (found === undefined) throw new PathkeeperError("NOT_FOUND", { what: `node '${name}'` });
		const online = found.member !== null;
		const stored = reports.get(name);
		const { silentSince } = found;
		const silent = { node: name, online, report: null, problem: found.problem, silentSince };
		if (stored === undefined) return silent;
		const { report, problem } = await this.#facts.reportOf(stored);
		if (!isCurrent(found, stored)) return { ...silent, last: report };
		return { node: name, online, report, problem: problem ?? found.problem };
	}

	#healthOf(fleet: Fleet): FleetHealth {
		const { config, document, nodes } = fleet;
		return { ...fleet, luns: this.#judge.judge({ config, configDigest: document.digest, nodes }) };
	}
}

/** Names that an alias must not take: every WWID seen, every device-mapper name of every node. */
export function knownNames(nodes: readonly NodeFacts[]): KnownNames {
	const wwids = new Set<string>();
	for (const { luns } of nodes) {
		for (const [wwid, facts] of luns) if (isSeen(facts)) wwids.add(wwid);
	}
	const devices = nodes.flatMap(({ node, luns, head }) => [
		...[...luns].flatMap(([wwid, { kernel }]) =>
			kernel === null ? [] : [{ node, name: kernel.name, wwid }],
		),
		...(head?.foreignDmNames ?? []).map((name) => ({ node, name, wwid: null })),
	]);
	// A map has one name on every node of a sound fleet: said once, it is said for all.
	const distinct = new Map(
		devices.toReversed().map((device) => [`${device.wwid ?? ""}\n${device.name}`, device]),
	);
	return { wwids: [...wwids], dmDevices: [...distinct.values()].reverse() };
}

/** Nodes that see a LUN now, as a map or as bare path devices. */
export function nodesThatSee(wwid: string, nodes: readonly NodeFacts[]): string[] {
	return nodes.flatMap(({ node, luns }) => {
		const facts = luns.get(wwid);
		return facts !== undefined && isSeen(facts) ? [node] : [];
	});
}

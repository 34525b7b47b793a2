/**
 * Keeps a judged fleet true to the store: one watch each of configuration, members, known nodes, reports and
 * acknowledgements. A report is unpacked, boiled down to its facts and let go, one node at a time with a breath in
 * between, so that a storm of reports neither fills the memory nor holds up whoever is served meanwhile.
 */
import {
	type Acknowledgement,
	JudgedFleet,
	messageOf,
	pause,
	type Runtime,
	readFleetConfig,
} from "@pathkeeper/model";
import {
	acknowledgementPrefix,
	acknowledgementsFrom,
	type ConfigDocument,
	type ConfigDocumentName,
	configPrefix,
	configsFrom,
	type Entry,
	type FleetNode,
	knownNodePrefix,
	memberPrefix,
	nodesFrom,
	reportPrefix,
	type Store,
	storedReports,
	watchPrefix,
} from "@pathkeeper/store";
import { factsOfNode } from "./node-facts.ts";
import type { Pulse } from "./pulse.ts";
import type { ReadReport, ReportFacts } from "./report-facts.ts";

/** How often is looked whether a postponed report may be read, in milliseconds. */
const postponedMs = 1000;

export interface FleetWatchOptions {
	readonly runtime: Runtime;
	readonly store: Store;
	readonly facts: ReportFacts;
	readonly signal: AbortSignal;
	/** Told after every change, and while the first reading goes on; `isMore`: the next one is being read already. */
	readonly onChange: (isMore: boolean) => void;
	/** Told while reports are read. */
	readonly pulse?: Pulse | undefined;
	/** Told when a part of the store cannot be read (in words), and with null when it can again. */
	readonly onProblem: (part: string, problem: string | null) => void;
}

export class FleetWatch {
	readonly fleet = new JudgedFleet();
	readonly #options: FleetWatchOptions;
	readonly #reports = new Map<string, ReadReport>();
	/** Of the last listing or change; the reports are read from these, one reading after another. */
	#reportEntries: readonly Entry[] = [];
	#reading: Promise<void> = Promise.resolve();
	/** True while a report waits until its node may have one read again. */
	#isBehind = false;
	readonly #awaited = new Set([
		configPrefix,
		memberPrefix,
		knownNodePrefix,
		reportPrefix,
		acknowledgementPrefix,
	]);
	#acknowledgements: readonly Acknowledgement[] = [];
	#members: readonly Entry[] = [];
	#known: readonly Entry[] = [];
	#nodes: readonly FleetNode[] = [];
	#documents: ReadonlyMap<ConfigDocumentName, ConfigDocument> = new Map();

	constructor(options: FleetWatchOptions) {
		this.#options = options;
	}

	/** True once everything was read: before, what is missing in the fleet may only not be read yet. */
	get isWhole(): boolean {
		return this.#awaited.size === 0;
	}

	/** The documents of the configuration, as last read. */
	get documents(): ReadonlyMap<ConfigDocumentName, ConfigDocument> {
		return this.#documents;
	}

	/** Watches until the signal aborts; after a throw it can be called again. */
	async run(): Promise<void> {
		const stop = new AbortController();
		const signal = AbortSignal.any([this.#options.signal, stop.signal]);
		const follow = async (prefix: string, take: (entries: readonly Entry[]) => void | Promise<void>) => {
			try {
				await this.#follow(prefix, signal, take);
			} finally {
				// Half of the watches would show half of the truth.
				stop.abort();
			}
		};
		const ends = await Promise.allSettled([
			follow(configPrefix, (entries) => this.#takeConfig(entries)),
			follow(memberPrefix, (entries) => {
				this.#members = entries;
				this.#takeNodes();
			}),
			follow(knownNodePrefix, (entries) => {
				this.#known = entries;
				this.#takeNodes();
			}),
			follow(acknowledgementPrefix, (entries) => {
				this.#acknowledgements = acknowledgementsFrom(entries);
				for (const node of this.#nodes) this.#join(node);
			}),
			follow(reportPrefix, (entries) => {
				this.#reportEntries = entries;
				return this.#takeReports(signal);
			}),
			this.#readPostponed(signal).finally(() => stop.abort()),
		]);
		for (const end of ends) if (end.status === "rejected") throw end.reason;
	}

	async #follow(
		prefix: string,
		signal: AbortSignal,
		take: (entries: readonly Entry[]) => void | Promise<void>,
	): Promise<void> {
		const { store, runtime, onChange, onProblem } = this.#options;
		const tell = (problem: unknown) => onProblem(prefix, problem === null ? null : messageOf(problem));
		for await (const { entries } of watchPrefix(store, prefix, { signal, runtime, onProblem: tell })) {
			await take(entries);
			this.#awaited.delete(prefix);
			onChange(false);
		}
	}

	/** A document that is damaged is never taken for an empty one: the last that could be read stays, and is stale. */
	#takeConfig(entries: readonly Entry[]): void {
		const part = "configuration";
		try {
			this.#documents = configsFrom(entries);
		} catch (error) {
			this.#options.onProblem(part, messageOf(error));
			return;
		}
		this.#options.onProblem(part, null);
		const document = this.#documents.get("multipath.cfg");
		if (document === undefined || document.digest === this.fleet.configDigest) return;
		this.fleet.setConfig(readFleetConfig(document.text).config, { configDigest: document.digest });
	}

	#takeNodes(): void {
		const before = this.#nodes;
		this.#nodes = nodesFrom(this.#members, this.#known);
		const now = new Set(this.#nodes.map(({ node }) => node));
		for (const { node } of before) if (!now.has(node)) this.fleet.removeNode(node);
		for (const node of this.#nodes) this.#join(node);
	}

	/** Looks again after those that were postponed, as long as there are any. */
	async #readPostponed(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			await pause(postponedMs, this.#options.runtime, signal);
			if (!this.#isBehind || signal.aborted) continue;
			await this.#takeReports(signal);
			this.#options.onChange(false);
		}
	}

	#takeReports(signal: AbortSignal): Promise<void> {
		const before = this.#reading;
		this.#reading = before
			.catch(() => undefined)
			.then(() => this.#readReports(signal))
			.finally(() => this.#options.pulse?.rest());
		return this.#reading;
	}

	async #readReports(signal: AbortSignal): Promise<void> {
		const reports = storedReports(this.#reportEntries);
		this.#isBehind = false;
		const now = new Set(reports.map(({ node }) => node));
		for (const node of this.#reports.keys()) {
			if (now.has(node)) continue;
			this.#reports.delete(node);
			this.#options.facts.forget(node);
			this.#joinNamed(node);
		}
		for (const report of reports) {
			const { node, revision } = report;
			const known = this.#reports.get(node);
			if (known?.revision === revision && !known.isBehind) continue;
			this.#options.pulse?.beat();
			const read = await this.#options.facts.of(report);
			if (signal.aborted) return;
			this.#isBehind ||= read.isBehind;
			this.#reports.set(node, read);
			this.#joinNamed(node);
			this.#options.onChange(true);
		}
	}

	#joinNamed(name: string): void {
		const node = this.#nodes.find((other) => other.node === name);
		if (node !== undefined) this.#join(node);
	}

	#join(node: FleetNode): void {
		this.fleet.setNode(factsOfNode(node, this.#reports.get(node.node), this.#acknowledgements));
	}
}

import {
	draft,
	FleetMemory,
	flappingEntry,
	type LogDraft,
	type LogEntry,
	lunTitle,
	messageOf,
	PathkeeperError,
} from "@pathkeeper/model";
import {
	type HeldLock,
	LogBounds,
	type LogMemory,
	logId,
	logMemoryWrite,
	logWrite,
	noteSilence,
	readLogMemory,
	readWatched,
	storeLimits,
	type Write,
	watchedWrite,
} from "@pathkeeper/store";
import type { FleetView } from "../fleet/live-fleet.ts";
import { AccessHistory } from "./access-history.ts";
import { configHistory } from "./config-history.ts";
import type { HistorySettings } from "./history-options.ts";

/** Of the audit among the versions that were told. */
const auditName = "audit";
/** A burst that goes on is told after this time at the latest. */
const longestWindowMs = 10_000;
/** Without anything happening, how often is looked for what became steady or too old. */
const idleMs = 30_000;

/** Keeps the log while its lock is held: gathers what happens, tells it window by window. */
export class LogKeeper implements AsyncDisposable {
	readonly #settings: HistorySettings;
	readonly #lock: HeldLock;
	readonly #signal: AbortSignal;
	readonly #look: FleetView;
	readonly #index: LogBounds;
	readonly #memory: FleetMemory;
	readonly #versions: Map<string, number>;
	readonly #access: AccessHistory;
	readonly #took: number;
	/** Since when nobody watched; null: somebody does. */
	#unwatchedSince: number | null;
	#isFirst = true;
	readonly #over = new AbortController();
	#following: Promise<void> = Promise.resolve();
	#gap: LogDraft[];
	#number = 0;
	/** When the window that is open began and was last added to, on the monotonic clock; null: none is open. */
	#window: { readonly began: number; last: number } | null = null;
	#wake = Promise.withResolvers<void>();

	private constructor(
		settings: HistorySettings,
		lock: HeldLock,
		signal: AbortSignal,
		look: FleetView,
		index: LogBounds,
		known: {
			readonly memory: LogMemory | null;
			readonly watched: number | null;
			readonly gap: LogDraft[];
			readonly access: AccessHistory;
		},
	) {
		this.#settings = settings;
		this.#lock = lock;
		this.#signal = signal;
		this.#look = look;
		this.#index = index;
		this.#memory = known.memory?.fleet ?? new FleetMemory();
		this.#versions = new Map(known.memory?.versions);
		this.#access = known.access;
		this.#unwatchedSince = known.memory === null ? null : known.watched;
		this.#gap = known.gap;
		this.#took = settings.runtime.monotonic();
	}

	static async begin(settings: HistorySettings, lock: HeldLock, signal: AbortSignal): Promise<LogKeeper> {
		const { store, bounds, runtime } = settings;
		const index = await LogBounds.read(store, bounds);
		const watched = await readWatched(store);
		let memory: LogMemory | null = null;
		const gap: LogDraft[] = [];
		try {
			memory = await readLogMemory(store);
		} catch (error) {
			if (!(error instanceof PathkeeperError) || error.code !== "DOCUMENT_UNREADABLE") throw error;
			const text =
				"what was last known of the fleet cannot be read: changes before this moment are not reported";
			const details = [messageOf(error)];
			gap.push(draft(runtime.now(), { kind: "log", event: "gap", severity: "warning", text, details }));
		}
		const access = await AccessHistory.begin(store, memory?.versions.get(auditName));
		const look = await settings.live.look(signal);
		const keeper = new LogKeeper(settings, lock, signal, look, index, { memory, watched, gap, access });
		keeper.#listen();
		return keeper;
	}

	/** Returns when the signal aborts; throws when the store does not take what there is to tell. */
	async run(): Promise<void> {
		const { runtime, windowMs } = this.#settings;
		this.#memory.noteAll(this.#look.fleet, runtime.now());
		await this.#tell();
		const until = AbortSignal.any([this.#signal, this.#over.signal]);
		this.#following = this.#access.follow(runtime, until, () => this.#stir());
		while (!this.#signal.aborted) {
			const wait = this.#window !== null ? windowMs / 4 : Math.max(windowMs / 4, this.#graceLeft() || idleMs);
			this.#settings.pulse?.beat(wait);
			await Promise.race([this.#wake.promise, runtime.sleep(wait, this.#signal)]).catch(() => undefined);
			this.#wake = Promise.withResolvers();
			if (this.#signal.aborted) break;
			this.#settings.pulse?.beat();
			if (this.#window === null || this.#isOver(this.#window)) await this.#tell();
		}
		// What was noticed is told before we go; if that fails, the next writer tells it from what was last known.
		if (!this.#lock.lost.aborted) await this.#tell().catch(() => undefined);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#look[Symbol.dispose]();
		this.#over.abort();
		await this.#following;
		const at = this.#settings.runtime.now();
		await this.#lock.write([watchedWrite(at)]).catch(() => undefined);
	}

	#listen(): void {
		const { runtime } = this.#settings;
		this.#look.onStep(({ judgement }) => {
			this.#memory.note(this.#look.fleet, judgement.judged, runtime.now());
			this.#stir();
		});
	}

	/** Something happened: the window is opened, or goes on. */
	#stir(): void {
		const at = this.#settings.runtime.monotonic();
		if (this.#window === null) {
			this.#window = { began: at, last: at };
			this.#wake.resolve();
		} else {
			this.#window.last = at;
		}
	}

	/** A burst is over when it was quiet for a while, or goes on for too long. */
	#isOver({ began, last }: { readonly began: number; readonly last: number }): boolean {
		const { runtime, windowMs } = this.#settings;
		const now = runtime.monotonic();
		return now - last >= windowMs || now - began >= Math.max(longestWindowMs, windowMs);
	}

	/** Milliseconds for which nodes that do not report may only not have begun to. */
	#graceLeft(): number {
		const { runtime, graceMs } = this.#settings;
		return Math.max(0, this.#took + graceMs - runtime.monotonic());
	}

	/** While the store cannot be read, what is shown is old: nothing is told from it. */
	async #tell(): Promise<void> {
		const { runtime, store } = this.#settings;
		if (this.#look.picture.problem !== null) return;
		this.#window = null;
		const at = runtime.now();
		const awaitsNodes = this.#graceLeft() > 0;
		const changes = await configHistory(store, this.#look.documents, this.#versions);
		const access = this.#access.take();
		this.#versions.set(auditName, access.revision);
		const happened = this.#memory.close(this.#look.fleet, { at, awaitsNodes });
		await this.#write(
			[...this.#gap, ...changes, ...access.drafts, ...happened.map((entry) => this.#dated(entry))],
			at,
		);
		await this.#noteSilence(at);
		this.#gap = [];
		this.#isFirst = false;
		if (!awaitsNodes) this.#unwatchedSince = null;
	}

	/** Since when nodes are silent: since now, or since nobody watched. */
	async #noteSilence(at: number): Promise<void> {
		for (const { node, online, silentSince } of this.#look.fleet.nodes) {
			// Of one that may only not have begun to report, nothing was told yet either.
			if (online || silentSince !== null || this.#memory.nodes.get(node)?.online !== false) continue;
			this.#settings.pulse?.beat();
			await noteSilence(this.#settings.store, node, this.#unwatchedSince ?? at);
		}
	}

	/** The first comparison tells what happened while nobody watched, and so do nodes that did not come back since. */
	#dated(entry: LogDraft): LogDraft {
		const isOld = this.#isFirst || entry.event === "offline";
		return isOld ? { ...entry, unwatchedSince: this.#unwatchedSince } : entry;
	}

	async #write(drafts: readonly LogDraft[], at: number): Promise<void> {
		const entries: LogEntry[] = drafts.map((entry) => ({ id: this.#nextId(entry.at), ...entry }));
		const series = [...this.#memory.series].filter(({ changed }) => changed);
		for (const one of series) {
			one.id ??= this.#nextId(one.since);
			entries.push({ id: one.id, ...flappingEntry(one, (wwid) => this.#nameOf(wwid)) });
			one.changed = false;
		}
		const known = { fleet: this.#memory, versions: this.#versions };
		const memory = this.#memory.changed || entries.length > 0 ? [logMemoryWrite(known)] : [];
		this.#memory.changed = false;
		const writes: Write[] = [...entries.map(logWrite), ...memory, watchedWrite(at)];
		for (const some of inTransactions([...writes, ...this.#index.outdated(at)])) {
			// There may be many, and a disk that is slow makes each of them last.
			this.#settings.pulse?.beat();
			await this.#lock.write(some);
			this.#index.wrote(some);
		}
	}

	#nextId(at: number): string {
		this.#number += 1;
		return logId(at, this.#number);
	}

	#nameOf(wwid: string): string {
		return lunTitle(this.#look.fleet.lun(wwid) ?? { alias: null, wwid });
	}
}

/** As few transactions as the limits of the store allow; nearly always one. */
function inTransactions(writes: readonly Write[]): Write[][] {
	const all: Write[][] = [];
	let bytes = 0;
	for (const write of writes) {
		const size = write.key.length + (write.op === "put" ? write.value.length : 0);
		const last = all.at(-1);
		if (last === undefined || last.length >= storeLimits.txnWrites || bytes + size > storeLimits.txnBytes) {
			all.push([write]);
			bytes = size;
		} else {
			last.push(write);
			bytes += size;
		}
	}
	return all;
}

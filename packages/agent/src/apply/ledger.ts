import type { HostFiles } from "@pathkeeper/host";
import { messageOf, PathkeeperError } from "@pathkeeper/model";

/**
 * What Pathkeeper put on this host itself, and how far an unfinished change got. It is written before the host is
 * changed, so that after a crash at any moment it names everything that may be ours: only what stands here is ever
 * changed back or taken out. A host whose ledger is lost keeps everything (nothing is ours any more).
 */
export interface Ledger {
	/** Files we wrote, with the text we last wrote: a difference on disk is somebody else's edit. */
	readonly files: ReadonlyMap<string, string>;
	/** Entries of the wwids file that we added. */
	readonly wwids: ReadonlyMap<string, WwidEntry>;
	/** Set from the first change of an apply until its effect was read back. */
	readonly unfinished: UnfinishedApply | null;
	/** The last config that was applied whole. */
	readonly applied: LastApplied | null;
}

/**
 * `adding` is written before `multipath -a`: found in that state after a crash, a listed entry is ours, since it was
 * not listed when we set out. `listed`: added and read back. `leaving` is written before the map of a LUN is taken
 * off: found later, the map may be gone although the entry is there.
 */
export type WwidEntry = (typeof wwidEntries)[number];

const wwidEntries = ["adding", "listed", "leaving"] as const;

export interface UnfinishedApply {
	/** Our files as they were when their effect was last read back; null: the file was not there. */
	readonly previous: ReadonlyMap<string, string | null>;
	readonly startedAt: number;
	/** True once multipathd was asked to read the new files; a way back must then ask it again. */
	readonly told: boolean;
}

export interface LastApplied {
	/** Digests of the documents, empty for one that was missing. */
	readonly config: string;
	readonly overrides: string;
	readonly at: number;
}

export const emptyLedger: Ledger = {
	files: new Map(),
	wwids: new Map(),
	unfinished: null,
	applied: null,
};

/** What this agent writes; a ledger of a higher number was written by a newer one. */
const format = 1;

/** The ledger on disk: `owned.json` in the state folder of the host. */
export class LedgerFile {
	readonly #files: HostFiles;
	readonly #path: string;

	constructor(files: HostFiles, stateFolder: string) {
		this.#files = files;
		this.#path = `${stateFolder}/owned.json`;
	}

	/** The ledger; empty on a host that never had one. Throws LEDGER_UNREADABLE, and then nothing may be changed. */
	async read(): Promise<Ledger> {
		try {
			const text = await this.#files.read(this.#path);
			return text === null ? emptyLedger : ledgerOf(JSON.parse(text));
		} catch (error) {
			throw new PathkeeperError(
				"LEDGER_UNREADABLE",
				{ path: this.#path, problem: messageOf(error) },
				{ cause: error },
			);
		}
	}

	/** Makes the new ledger durable before it returns. */
	async write(ledger: Ledger): Promise<void> {
		await this.#files.replace(this.#path, textOf(ledger), { mode: 0o600 });
	}
}

/** True when two ledgers say the same. */
export function sameLedger(a: Ledger, b: Ledger): boolean {
	return textOf(a) === textOf(b);
}

function textOf({ files, wwids, unfinished, applied }: Ledger): string {
	const value = {
		format,
		files: Object.fromEntries(files),
		wwids: Object.fromEntries(wwids),
		unfinished:
			unfinished === null ? null : { ...unfinished, previous: Object.fromEntries(unfinished.previous) },
		applied,
	};
	return `${JSON.stringify(value, null, "\t")}\n`;
}

function ledgerOf(value: unknown): Ledger {
	const ledger = record(value, "the ledger");
	const written = number(ledger["format"], "format");
	if (written > format)
		throw new Error(`a newer Pathkeeper wrote it (format ${written}, this one knows ${format})`);
	const unfinished = ledger["unfinished"];
	const applied = ledger["applied"];
	return {
		files: mapOf(ledger["files"], "files", text),
		wwids: mapOf(ledger["wwids"], "wwids", wwidEntry),
		unfinished: unfinished === null ? null : unfinishedOf(record(unfinished, "unfinished")),
		applied: applied === null ? null : appliedOf(record(applied, "applied")),
	};
}

function unfinishedOf(value: Record<string, unknown>): UnfinishedApply {
	return {
		previous: mapOf(value["previous"], "unfinished.previous", (entry, what) =>
			entry === null ? null : text(entry, what),
		),
		startedAt: number(value["startedAt"], "unfinished.startedAt"),
		told: value["told"] === true,
	};
}

function appliedOf(value: Record<string, unknown>): LastApplied {
	return {
		config: text(value["config"], "applied.config"),
		overrides: text(value["overrides"], "applied.overrides"),
		at: number(value["at"], "applied.at"),
	};
}

function mapOf<T>(
	value: unknown,
	what: string,
	read: (entry: unknown, what: string) => T,
): ReadonlyMap<string, T> {
	return new Map(
		Object.entries(record(value, what)).map(([key, entry]) => [key, read(entry, `${what}.${key}`)]),
	);
}

function wwidEntry(value: unknown, what: string): WwidEntry {
	const entry = wwidEntries.find((known) => known === value);
	if (entry === undefined) throw new Error(`${what} is not a known state`);
	return entry;
}

function record(value: unknown, what: string): Record<string, unknown> {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw new Error(`${what} is not an object`);
	return { ...value };
}

function text(value: unknown, what: string): string {
	if (typeof value !== "string") throw new Error(`${what} is not a text`);
	return value;
}

function number(value: unknown, what: string): number {
	if (typeof value !== "number") throw new Error(`${what} is not a number`);
	return value;
}

import type { HostFiles } from "@pathkeeper/host";
import { type Finding, messageOf, PathkeeperError } from "@pathkeeper/model";

/**
 * What Pathkeeper put on this host itself, and how far an unfinished change got. It is written before the host is
 * changed, so that after a crash at any moment it names everything that may be ours: only what stands here is ever
 * changed back or taken out. A host whose ledger is lost keeps everything (nothing is ours any more).
 */
export interface Ledger {
	/** Files we wrote, with the text we last wrote: a difference on disk is somebody else's edit. */
	readonly files: Readonly<Record<string, string>>;
	/** Entries of the wwids file that we added. */
	readonly wwids: Readonly<Record<string, WwidEntry>>;
	/** Set from the first change of an apply until its effect was read back. */
	readonly unfinished: UnfinishedApply | null;
	/** The last config that was applied whole. */
	readonly applied: { readonly config: string; readonly overrides: string; readonly at: number } | null;
}

/**
 * `adding` is written before `multipath -a`: found in that state after a crash, a listed entry is ours, since it was
 * not listed when we set out. `listed`: added and read back.
 */
export type WwidEntry = "adding" | "listed";

export interface UnfinishedApply {
	/** Our files as they were when their effect was last read back; null: the file was not there. */
	readonly previous: Readonly<Record<string, string | null>>;
	readonly startedAt: number;
	/** True once multipathd was asked to read the new files; a way back must then ask it again. */
	readonly told: boolean;
}

const emptyLedger: Ledger = { files: {}, wwids: {}, unfinished: null, applied: null };

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
		const text = await this.#files.read(this.#path);
		if (text === null) return emptyLedger;
		try {
			return checked(JSON.parse(text));
		} catch (error) {
			throw new PathkeeperError("LEDGER_UNREADABLE", {
				values: { path: this.#path, problem: messageOf(error) },
				cause: error,
			});
		}
	}

	/** Makes the new ledger durable before it returns. */
	async write(ledger: Ledger): Promise<void> {
		await this.#files.replace(this.#path, `${JSON.stringify(ledger, null, "\t")}\n`, { mode: 0o600 });
	}
}

function checked(value: unknown): Ledger {
	const ledger = record(value, "the ledger");
	const unfinished = ledger["unfinished"];
	const applied = ledger["applied"];
	return {
		files: texts(ledger["files"], "files"),
		wwids: Object.fromEntries(
			Object.entries(record(ledger["wwids"], "wwids")).map(([wwid, state]) => {
				if (state !== "adding" && state !== "listed") throw new Error(`wwids.${wwid} is not a known state`);
				return [wwid, state];
			}),
		),
		unfinished: unfinished === null ? null : unfinishedOf(record(unfinished, "unfinished")),
		applied: applied === null ? null : appliedOf(record(applied, "applied")),
	};
}

function unfinishedOf(value: Record<string, unknown>): UnfinishedApply {
	const previous = Object.entries(record(value["previous"], "unfinished.previous")).map(
		([path, text]): [string, string | null] => {
			if (text !== null && typeof text !== "string")
				throw new Error(`unfinished.previous.${path} is not a text`);
			return [path, text];
		},
	);
	return {
		previous: Object.fromEntries(previous),
		startedAt: number(value["startedAt"], "unfinished.startedAt"),
		told: value["told"] === true,
	};
}

function appliedOf(value: Record<string, unknown>): Ledger["applied"] {
	const { config, overrides } = value;
	if (typeof config !== "string" || typeof overrides !== "string") throw new Error("applied has no digests");
	return { config, overrides, at: number(value["at"], "applied.at") };
}

function record(value: unknown, what: string): Record<string, unknown> {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw new Error(`${what} is not an object`);
	return { ...value };
}

function texts(value: unknown, what: string): Record<string, string> {
	return Object.fromEntries(
		Object.entries(record(value, what)).map(([key, text]) => {
			if (typeof text !== "string") throw new Error(`${what}.${key} is not a text`);
			return [key, text];
		}),
	);
}

function number(value: unknown, what: string): number {
	if (typeof value !== "number") throw new Error(`${what} is not a number`);
	return value;
}

/** The finding for a ledger that can not be read. */
export function ledgerFinding(error: PathkeeperError): Finding {
	return { code: "ledger-unreadable", severity: "error", subject: null, text: error.message };
}

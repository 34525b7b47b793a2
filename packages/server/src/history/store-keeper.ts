/**
 * Keeps the store small: lets go of its past and of old audit records. Whoever keeps the log does this, so one server
 * of all. It is done by the clock, and more of it when room gets short; see `fullness.ts`.
 */
import type { Runtime } from "@pathkeeper/model";
import {
	type HeldLock,
	readRevisionMarks,
	revisionMarksWrite,
	type Store,
	trimAudit,
} from "@pathkeeper/store";
import { fullnessOf, isShort } from "../room/fullness.ts";
import { type RevisionMark, revisionBefore, withMark } from "./revision-marks.ts";

export interface StoreKeeperOptions {
	readonly store: Store;
	readonly runtime: Pick<Runtime, "now">;
	/** How many days audit records are kept. */
	readonly auditDays: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** The past that watches can go back to: long enough for a server or agent that was away to miss nothing. */
const keptPastMs = 60 * minuteMs;
/** What is left of it when room is short: watches that fall behind further list again. */
const shortPastMs = minuteMs;
const compactEveryMs = 5 * minuteMs;
const markEveryMs = 10 * minuteMs;
const trimEveryMs = 10 * minuteMs;
/** However short room is, nobody wipes out traces of the last days by filling the store. */
export const leastAuditDays = 90;

/** What one server does for the store while it holds the lock of the log. */
export class StoreKeeper {
	readonly #options: StoreKeeperOptions;
	readonly #lock: HeldLock;
	#marks: readonly RevisionMark[];
	#marked = Number.NEGATIVE_INFINITY;
	#compacted: { readonly at: number; readonly revision: bigint } = {
		at: Number.NEGATIVE_INFINITY,
		revision: 0n,
	};
	#trimmed = Number.NEGATIVE_INFINITY;

	private constructor(options: StoreKeeperOptions, lock: HeldLock, marks: readonly RevisionMark[]) {
		this.#options = options;
		this.#lock = lock;
		this.#marks = marks;
	}

	static async begin(options: StoreKeeperOptions, lock: HeldLock): Promise<StoreKeeper> {
		return new StoreKeeper(options, lock, await readRevisionMarks(options.store));
	}

	/** Looks once, and does what is due. Throws what the store throws; the next round begins where this one ended. */
	async round(): Promise<void> {
		const { store, runtime } = this.#options;
		const space = await store.space();
		if (fullnessOf(space) === "full") return await makeRoom(this.#options);
		const now = runtime.now();
		this.#marks = withMark(this.#marks, { at: now, revision: await revisionOf(store) });
		const short = isShort(space);
		await this.#compact(now, short);
		if (short || now - this.#trimmed >= trimEveryMs || now < this.#trimmed) {
			await trimAudit(store, auditFrom(this.#options, short));
			this.#trimmed = now;
		}
		if (now - this.#marked >= markEveryMs || now < this.#marked) {
			await this.#lock.write([revisionMarksWrite(this.#marks)]);
			this.#marked = now;
		}
	}

	async #compact(now: number, short: boolean): Promise<void> {
		const revision = revisionBefore(this.#marks, now - (short ? shortPastMs : keptPastMs));
		if (revision === null || revision <= this.#compacted.revision) return;
		if (!short && now - this.#compacted.at < compactEveryMs && now >= this.#compacted.at) return;
		await this.#options.store.compact(revision);
		this.#compacted = { at: now, revision };
	}
}

/**
 * What is left to do for a store that takes nothing but deletions: old audit records go, and all of the past. It needs
 * no lock, which such a store does not give; that several servers do it is harmless.
 */
export async function makeRoom(options: StoreKeeperOptions): Promise<void> {
	const { store } = options;
	await trimAudit(store, auditFrom(options, true));
	await store.compact(await revisionOf(store));
}

/** From when on audit records are kept, milliseconds since the epoch. */
function auditFrom({ runtime, auditDays }: StoreKeeperOptions, short: boolean): number {
	return runtime.now() - (short ? Math.min(auditDays, leastAuditDays) : auditDays) * dayMs;
}

async function revisionOf(store: Store): Promise<bigint> {
	return (await store.list("history-", 1)).revision;
}

import { Type } from "typebox";
import type { Store } from "../store.ts";
import { jsonDocument } from "./json-document.ts";
import { layout } from "./layout.ts";

/** A log keeps this many lines; what comes after is left out, and the last line says so. */
export const longestTaskLog = 5000;
/** Characters that are kept of one line. */
export const longestTaskLogLine = 2000;

// Full lines of three bytes a character stay below the size of a value.
const linesInPart = 100;

const document = jsonDocument(Type.Array(Type.String()));

/** Writes the log of one task while its agent runs it. Lines reach the store with `flush`. */
export class TaskLog {
	readonly #store: Store;
	readonly #node: string;
	readonly #upid: string;
	readonly #lines: string[] = [];
	#flushed = 0;
	#flushing: Promise<void> = Promise.resolve();

	constructor(store: Store, task: { readonly node: string; readonly upid: string }) {
		this.#store = store;
		this.#node = task.node;
		this.#upid = task.upid;
	}

	/** Adds a text of one or more lines. */
	add(text: string): void {
		for (const line of text.split(/\r?\n/)) {
			if (this.#lines.length < longestTaskLog - 1) this.#lines.push(shortened(line));
			else if (this.#lines.length < longestTaskLog) this.#lines.push("… the rest is not kept");
		}
	}

	/** Brings what was added into the store. After an error, the next flush begins where this one stopped. */
	async flush(): Promise<void> {
		const before = this.#flushing;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#flushing = promise;
		await before;
		try {
			while (this.#flushed < this.#lines.length) await this.#flushPart();
		} finally {
			resolve();
		}
	}

	/** The part that holds the first line not yet in the store is written again as a whole. */
	async #flushPart(): Promise<void> {
		const part = Math.floor(this.#flushed / linesInPart);
		const lines = this.#lines.slice(part * linesInPart, (part + 1) * linesInPart);
		const key = layout.taskLogPart(this.#node, this.#upid, part);
		await this.#store.txn({ writes: [{ op: "put", key, value: document.encode(lines) }] });
		this.#flushed = part * linesInPart + lines.length;
	}
}

/** The lines of a task's log, oldest first; empty for a task that wrote none. */
export async function readTaskLog(
	store: Store,
	task: { readonly node: string; readonly upid: string },
): Promise<readonly string[]> {
	const { entries } = await store.list(layout.taskLog(task.node, task.upid));
	return entries.flatMap(({ key, value }) => document.decode(key, value));
}

function shortened(line: string): string {
	const kept = line.toWellFormed();
	return kept.length > longestTaskLogLine ? `${kept.slice(0, longestTaskLogLine - 1).toWellFormed()}…` : kept;
}

import { storeLimits } from "../../limits.ts";
import type { Store, Write } from "../../store.ts";
import { historyLayout, idOf } from "./history-layout.ts";

/** How much of the log is kept. */
export interface HistoryBounds {
	readonly days: number;
	readonly entries: number;
	/** Of keys and values in the store. */
	readonly bytes: number;
}

export const keptHistory: HistoryBounds = { days: 7, entries: 20_000, bytes: 16 * 1024 * 1024 };

/** Knows which entries there are and how large they are, so that whoever writes the log can keep it within bounds. */
export class LogBounds {
	readonly #bounds: HistoryBounds;
	/** By key: bytes. */
	readonly #sizes = new Map<string, number>();
	#bytes = 0;

	private constructor(bounds: HistoryBounds) {
		this.#bounds = bounds;
	}

	static async read(store: Store, bounds: HistoryBounds): Promise<LogBounds> {
		const index = new LogBounds(bounds);
		const { entries } = await store.list(historyLayout.entries);
		for (const { key, value } of entries) index.#add(key, key.length + value.length);
		return index;
	}

	/** Takes note of writes that were done. */
	wrote(writes: readonly Write[]): void {
		for (const write of writes) {
			if (!write.key.startsWith(historyLayout.entries)) continue;
			this.#remove(write.key);
			if (write.op === "put") this.#add(write.key, write.key.length + write.value.length);
		}
	}

	/** Deletes of what is too old or too much, oldest first, as many as fit into one transaction beside others. */
	outdated(now: number, most: number = storeLimits.txnWrites / 2): Write[] {
		const oldest = now - this.#bounds.days * 24 * 60 * 60 * 1000;
		const deletes: Write[] = [];
		let [entries, bytes] = [this.#sizes.size, this.#bytes];
		for (const key of [...this.#sizes.keys()].sort()) {
			if (deletes.length >= most) break;
			const at = Number.parseInt(idOf(key) ?? "0", 10);
			if (at >= oldest && entries <= this.#bounds.entries && bytes <= this.#bounds.bytes) break;
			deletes.push({ op: "delete", key });
			entries -= 1;
			bytes -= this.#sizes.get(key) ?? 0;
		}
		return deletes;
	}

	#add(key: string, bytes: number): void {
		this.#sizes.set(key, bytes);
		this.#bytes += bytes;
	}

	#remove(key: string): void {
		this.#bytes -= this.#sizes.get(key) ?? 0;
		this.#sizes.delete(key);
	}
}

import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { sizeText } from "@pathkeeper/model";
import type { StoreSpace } from "../store.ts";

/** SQLite's result code, https://sqlite.org/rescode.html */
const sqliteFull = 13;
/** When so much of the room is free again, a store that was full is no longer taken for it. */
const freedShare = 0.1;

/** The room of an embedded store: its file may grow up to the quota, and no further than the disk has room. */
export class FileSpace {
	readonly #db: DatabaseSync;
	readonly #path: string;
	readonly #quota: number;
	readonly #pageSize: number;
	#refusing: string | null = null;

	/** A file that is larger than `quota` bytes already does not grow, and keeps what it holds. */
	constructor(db: DatabaseSync, path: string, quota: number) {
		this.#db = db;
		this.#path = path;
		this.#quota = quota;
		this.#pageSize = this.#pragma("page_size");
		this.#pragma(`max_page_count = ${Math.max(1, Math.floor(quota / this.#pageSize))}`, "max_page_count");
	}

	/** True for an error that says that there is no room; `space` then tells it until `worked`. */
	isFull(error: unknown): boolean {
		const isFull = error instanceof Error && "errcode" in error && error.errcode === sqliteFull;
		if (isFull) this.#refusing = this.problem;
		return isFull;
	}

	/** A put went in: there is room again. */
	worked(): void {
		this.#refusing = null;
	}

	/** Why nothing more goes in, in words. */
	get problem(): string {
		const { size, free } = this.#measure();
		return this.#quota - size < free
			? `${this.#path} has reached its limit of ${sizeText(this.#quota)}`
			: `the disk of ${this.#path} is full`;
	}

	space(): StoreSpace {
		const { used, size, free } = this.#measure();
		const byDisk = size + free;
		const isDisk = byDisk < this.#quota;
		const quota = Math.min(this.#quota, byDisk);
		// Deletions made room since: the next put finds out whether it does.
		if (used <= quota * (1 - freedShare)) this.#refusing = null;
		return {
			used,
			size: used,
			quota,
			refusing: this.#refusing,
			remedies: isDisk
				? [`make room on the disk of ${this.#path}`]
				: ["start the daemon with a larger --store-quota"],
		};
	}

	#measure(): { readonly used: number; readonly size: number; readonly free: number } {
		const pages = this.#pragma("page_count");
		const unused = this.#pragma("freelist_count");
		const { bavail, bsize } = statfsSync(dirname(this.#path));
		return {
			used: (pages - unused) * this.#pageSize,
			size: pages * this.#pageSize,
			free: bavail * bsize,
		};
	}

	#pragma(text: string, column = text): number {
		return Number(this.#db.prepare(`PRAGMA ${text}`).get()?.[column] ?? 0);
	}
}

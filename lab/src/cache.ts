/**
 * Where the lab keeps what is dear to make. Everything is under one folder that git ignores:
 *
 *   images/LABEL-HASH/   root file system as a folder and as a disk, kernel, initrd, keys
 *   booted/LABEL-HASH/   a booted guest at rest: its memory and what it had written
 *   run/NAME/            a running guest
 *
 * `images` and `booted` entries appear by one rename, so what is there is whole. What an interrupted process left
 * half-made is removed by the next one.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { rename } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runProgram } from "./run-program.ts";

export const cacheFolder: string = resolve(
	process.env["PATHKEEPER_LAB_CACHE"] ?? join(import.meta.dirname, "../.cache"),
);
export const runFolder: string = join(cacheFolder, "run");

/** A short name for everything an entry was made from; another name means that it must be made anew. */
export function hashOf(ingredients: unknown): string {
	return createHash("sha256").update(JSON.stringify(ingredients)).digest("hex").slice(0, 12);
}

/** Marks a folder that is being made. */
const unfinished = ".unfinished-";

/** What is in the cache under this name is whole; `label` groups the entries that replace each other. */
export interface CacheEntry {
	readonly kind: "images" | "booted";
	/** Does not begin as another one followed by `-` does. */
	readonly label: string;
	readonly hash: string;
}

/**
 * The folder of an entry, made by `make` when it is missing. `make` gets an empty folder beside the final one, so
 * relative links to other entries stay true after the rename. Older entries of its label go: they are a gigabyte
 * each, and a guest that still runs on one keeps its files open.
 */
export async function cached(entry: CacheEntry, make: (folder: string) => Promise<void>): Promise<string> {
	const shelf = join(cacheFolder, entry.kind);
	const name = `${entry.label}-${entry.hash}`;
	const folder = join(shelf, name);
	if (existsSync(folder)) return folder;
	await using _lock = await lockFor(folder);
	if (existsSync(folder)) return folder;
	mkdirSync(shelf, { recursive: true });
	for (const other of readdirSync(shelf))
		if (other.startsWith(`${entry.label}-`) || other.startsWith(`${unfinished}${entry.label}-`))
			await removeFolder(join(shelf, other));
	const draft = join(shelf, `${unfinished}${name}`);
	mkdirSync(draft);
	try {
		await make(draft);
		await rename(draft, folder);
	} catch (error) {
		await removeFolder(draft);
		throw error;
	}
	return folder;
}

/** Removes a folder, but never crosses into something mounted below it. */
export async function removeFolder(folder: string): Promise<void> {
	await runProgram(["rm", "-rf", "--one-file-system", "--", folder], { timeout: 120_000 });
}

/** One maker of an entry at a time. An abstract socket is the lock, because the kernel drops it with its holder. */
async function lockFor(folder: string): Promise<AsyncDisposable> {
	const address = `\0pathkeeper-lab-${hashOf(folder)}`;
	for (;;) {
		const server = await listen(address);
		if (server !== undefined) {
			return { [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())) };
		}
		await sleep(500);
	}
}

function listen(address: string): Promise<Server | undefined> {
	return new Promise((done) => {
		const server = createServer((stranger) => stranger.destroy());
		server.once("error", () => done(undefined));
		server.listen(address, () => done(server.unref()));
	});
}

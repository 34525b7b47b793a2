import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ManualRuntime } from "../../../model/test/runtime/manual-runtime.ts";
import { type EmbeddedStore, openEmbeddedStore } from "../../src/embedded/embedded-store.ts";
import type { Bench } from "../contract/bench.ts";

const writingProcess = fileURLToPath(new URL("writing-process.ts", import.meta.url));

/** A folder that is taken away again. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
	const path = mkdtempSync(join(tmpdir(), "pathkeeper-store-"));
	return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** An embedded store in a folder of its own, with time moved by hand. */
export async function embeddedBench(quota?: number): Promise<Bench> {
	const folder = temporaryFolder();
	const path = join(folder.path, "store.db");
	const timing = new ManualRuntime();
	const open = async () =>
		await openEmbeddedStore({ runtime: timing, path, ...(quota === undefined ? {} : { quota }) });
	let store: EmbeddedStore = await open();
	return {
		get store() {
			return store;
		},
		async reopen() {
			await store.close();
			store = await open();
		},
		async killWriter(afterAcknowledgements) {
			await store.close();
			const acknowledged = await runUntil(path, afterAcknowledgements);
			store = await open();
			return acknowledged;
		},
		leaseTtlMs: 1000,
		async passTime(ms) {
			timing.advance(ms);
			// What falls due is committed in the next turn of the event loop.
			await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
		},
		async dispose() {
			await store.close();
			folder.remove();
		},
	};
}

async function runUntil(path: string, afterAcknowledgements: number): Promise<readonly number[]> {
	const child = spawn(process.execPath, [writingProcess, path], { stdio: ["ignore", "pipe", "inherit"] });
	const acknowledged: number[] = [];
	// What the pipe still holds after the kill was acknowledged, too; the loop ends with the pipe.
	for await (const line of createInterface({ input: child.stdout })) {
		acknowledged.push(Number(line));
		if (acknowledged.length === afterAcknowledgements) child.kill("SIGKILL");
	}
	return acknowledged;
}

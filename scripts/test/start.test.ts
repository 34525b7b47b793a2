import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

let folder: string;
let started: ChildProcess[];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "pk-start-"));
	started = [];
});
afterEach(async () => {
	for (const child of started.filter(({ exitCode }) => exitCode === null)) {
		child.kill("SIGTERM");
		await once(child, "exit");
	}
	rmSync(folder, { recursive: true, force: true });
});

interface Started {
	readonly child: ChildProcess;
	/** What it printed so far. */
	readonly printed: () => string;
}

function start(): Started {
	const places = ["--state", join(folder, "state"), "--socket", join(folder, "api.sock")];
	const args = ["scripts/start.ts", "--simulate", "--listen", "off", ...places];
	const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
	let text = "";
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (chunk: Buffer) => {
			text += chunk.toString();
		});
	started.push(child);
	return { child, printed: () => text };
}

test("a second start beside a running one says that it does not run, and fails", async () => {
	const first = start();
	await vi.waitFor(() => expect(first.printed()).toContain("Ctrl-C ends it."), { timeout: 120_000 });
	expect(first.printed()).toContain("Pathkeeper runs here.");

	const second = start();
	const [code] = await once(second.child, "exit");
	expect(second.printed()).not.toContain("Pathkeeper runs here.");
	expect(second.printed()).toContain("Pathkeeper does not run: it ended at its start");
	expect(second.printed()).toMatch(/stop that process first|already exists/);
	expect(code).not.toBe(0);

	// The first one is as it was.
	expect(first.child.exitCode).toBeNull();
});

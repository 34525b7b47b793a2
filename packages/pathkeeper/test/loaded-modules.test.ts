/** Which modules a daemon loads: a real host's agent runs as root, and nothing that simulates belongs in it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { DaemonProcess } from "./daemon-process.ts";

const recorder = pathToFileURL(join(import.meta.dirname, "list-modules.ts")).href;

/** Names of our packages that a daemon loaded modules of until it ended, such as `agent`. */
async function packagesLoaded(args: readonly string[], folder: string): Promise<ReadonlySet<string>> {
	const file = join(folder, "modules");
	await using daemon = await DaemonProcess.start(["--listen", "off", ...args], {
		nodeArgs: ["--import", recorder],
		env: { MODULES_FILE: file },
	});
	expect(await daemon.stop()).toBe(0);
	const modules = readFileSync(file, "utf8").split("\n");
	return new Set(modules.flatMap((url) => /\/packages\/([a-z]+)\/src\//.exec(url)?.[1] ?? []));
}

function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "pk-modules-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	return folder;
}

test("a daemon on a real host loads nothing of the simulator", async () => {
	const folder = temporaryFolder();
	const root = join(folder, "root");
	mkdirSync(join(root, "etc"), { recursive: true });
	const loaded = await packagesLoaded(["--node", "n1", "--host-root", root], folder);
	expect(loaded).toContain("agent");
	expect(loaded).toContain("host");
	expect(loaded).not.toContain("simulator");
});

test("a daemon on simulated hosts loads it", async () => {
	const loaded = await packagesLoaded(["--simulate", "1x1x1"], temporaryFolder());
	expect(loaded).toContain("simulator");
});

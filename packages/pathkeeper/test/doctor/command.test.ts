/** The command as it is typed, on this machine and beside a real daemon. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { DaemonProcess, main } from "../daemon-process.ts";

const folder = mkdtempSync(join(tmpdir(), "pk-doctor-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
	readonly code: number;
	readonly out: string;
	readonly err: string;
}

async function doctor(...args: readonly string[]): Promise<Ended> {
	try {
		const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...args]);
		return { code: 0, out: stdout, err: stderr };
	} catch (error) {
		const { code, stdout, stderr } = Object.assign({ code: -1, stdout: "", stderr: "" }, error);
		return { code, out: stdout, err: stderr };
	}
}

interface Said {
	readonly code: string;
	readonly severity: string;
	readonly what: string;
	readonly fix: readonly string[];
}

test("refuses a root that is not there, instead of calling everything missing", async () => {
	const { code, out, err } = await doctor("doctor", "--host-root", join(folder, "mistyped"));
	expect([code, out]).toEqual([2, ""]);
	expect(err).toContain("mistyped cannot be read: it is not a folder");
});

/** What can be said of any machine that runs the tests, whatever is wrong with it. */
test("looks at this machine, and its exit code is that of what it found", async () => {
	const { code, out, err } = await doctor("-o", "json", "doctor");
	expect(err).toBe("");
	const said: readonly Said[] = JSON.parse(out);
	expect(said.length).toBeGreaterThan(10);
	const has = (severity: string) => said.some((each) => each.severity === severity);
	expect(code).toBe(has("error") ? 2 : has("unknown") ? 3 : has("warning") ? 1 : 0);
	const order = ["error", "unknown", "warning", "note", "ok"];
	const places = said.map(({ severity }) => order.indexOf(severity));
	expect(places).toEqual(places.toSorted((a, b) => a - b));
	for (const { severity, fix } of said) if (severity === "error") expect(fix).not.toEqual([]);
	const people = await doctor("doctor", "--all");
	expect(people.code).toBe(code);
	for (const { code: name } of said) expect(people.out).toContain(`[${name}]`);
});

test("asks no program about a machine whose files are elsewhere, and says so", async () => {
	const { code, out } = await doctor("-o", "json", "doctor", "--host-root", folder);
	const said: readonly Said[] = JSON.parse(out);
	expect(code).toBe(2);
	expect(said.find(({ severity }) => severity === "error")?.code).toBe("multipath-tools-missing");
	expect(said.find(({ code: name }) => name === "clock-not-synchronised")?.severity).toBe("unknown");
});

test("sees beside a running daemon that its server answers, and that this node does not report to it", async () => {
	await using daemon = await DaemonProcess.start(["--simulate", "1x1x2", "--listen", "127.0.0.1:0"]);
	const { out } = await doctor("-o", "json", "--socket", daemon.socket, "doctor");
	const said: readonly Said[] = JSON.parse(out);
	const found = said.find(({ code }) => code === "agent-silent" || code === "server-silent");
	// The daemon's only node is a simulated one.
	expect(found?.code).toBe("agent-silent");
	expect(found?.what).toContain("the server does not know a node");
});

test("writes a support archive, and never over a file", async () => {
	const file = join(folder, "support.tar.gz");
	const { code, out } = await doctor("doctor", "--bundle", file);
	expect([code, existsSync(file)]).toEqual([0, true]);
	expect(out).toContain("check it before you pass it on");
	const before = readFileSync(file);
	const again = await doctor("doctor", "--bundle", file);
	expect(again.code).toBe(1);
	expect(again.err).toContain(`${file} already exists`);
	expect(readFileSync(file)).toEqual(before);
	const nowhere = await doctor("doctor", "--bundle", join(folder, "no", "folder.tgz"));
	expect(nowhere.code).toBe(1);
	expect(nowhere.err).toContain("was not written");
});

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { livenessOnHost } from "../../src/multipathd/liveness.ts";

let root: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "host-"));
	await symlink("/proc", join(root, "proc"));
	await put("/usr/sbin/multipathd", "");
});

afterEach(async () => {
	for (const child of children.splice(0)) {
		child.kill("SIGKILL");
		if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
	}
	await rm(root, { recursive: true });
});

async function put(path: string, text: string): Promise<void> {
	await mkdir(dirname(join(root, path)), { recursive: true });
	await writeFile(join(root, path), text);
}

/** A real process with that name: /bin/sleep under another one. */
async function processNamed(name: string): Promise<number> {
	const program = join(root, name);
	await copyFile("/bin/sleep", program);
	const child = spawn(program, ["600"], { stdio: "ignore" });
	children.push(child);
	await once(child, "spawn");
	if (child.pid === undefined) throw new Error("no pid");
	return child.pid;
}

test("the process that the pid file names is the daemon", async () => {
	const pid = await processNamed("multipathd");
	await put("/run/multipathd.pid", `${pid}\n`);
	expect(await livenessOnHost(root)()).toEqual({ state: "running", pid });
});

test("systemd's control group names the daemon where the pid file does not", async () => {
	const pid = await processNamed("multipathd");
	await put("/sys/fs/cgroup/system.slice/multipathd.service/cgroup.procs", `1\n${pid}\n`);
	expect(await livenessOnHost(root)()).toEqual({ state: "running", pid });
});

test("a pipe in place of the pid file is not waited for", async () => {
	await mkdir(join(root, "run"));
	spawnSync("mkfifo", [join(root, "run/multipathd.pid")]);
	expect(await livenessOnHost(root)()).toMatchObject({ state: "not-running" });
});

test("another process that got the daemon's old number is not the daemon", async () => {
	await put("/run/multipathd.pid", `${await processNamed("multipathdx")}\n`);
	expect(await livenessOnHost(root)()).toMatchObject({
		state: "not-running",
		problem: expect.stringMatching(/process \d+ of/),
	});
});

test("a stopped daemon is there: whether it answers is another question", async () => {
	const pid = await processNamed("multipathd");
	process.kill(pid, "SIGSTOP");
	await put("/run/multipathd.pid", `${pid}\n`);
	expect(await livenessOnHost(root)()).toMatchObject({ state: "running" });
});

test.each(["", "0\n", "-1\n", "nonsense\n", "99999999\n", "1 2\n"])(
	"a pid file that reads %j names no daemon",
	async (text) => {
		await put("/run/multipathd.pid", text);
		expect(await livenessOnHost(root)()).toMatchObject({ state: "not-running" });
	},
);

test("without the program it is not installed, without a pid file not running", async () => {
	expect(await livenessOnHost(root)()).toMatchObject({ state: "not-running" });
	await rm(join(root, "usr"), { recursive: true });
	expect(await livenessOnHost(root)()).toMatchObject({ state: "not-installed" });
});

test("a dead daemon that nobody has buried does not run", async () => {
	await rm(join(root, "proc"));
	await put("/proc/489/stat", "489 (multipathd) Z 1 489 489 0");
	await put("/run/multipathd.pid", "489\n");
	expect(await livenessOnHost(root)()).toMatchObject({ state: "not-running" });
});

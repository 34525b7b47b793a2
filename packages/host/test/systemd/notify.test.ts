import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { ProgramRunner, type RunProgram } from "../../src/process/run.ts";
import { SystemdNotifier } from "../../src/systemd/notify.ts";

const { run } = new ProgramRunner({ runtime: realRuntime });
const canReceive =
	spawnSync("systemd-notify", ["--version"]).status === 0 &&
	spawnSync("perl", ["-MSocket", "-e1"]).status === 0;

/** Prints every datagram that arrives on a socket, each between `<` and `>`. */
const receiver = `
use Socket; $| = 1;
socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un($ARGV[0])) or die; print "listening";
while (defined recv($s, my $text, 65536, 0)) { print "<$text>" }`;

/** After each message the program waits until systemd has read it, so that the sender is still there then. */
const told = (...messages: readonly string[]) => messages.map((text) => `<${text}><BARRIER=1>`).join("");

describe.runIf(canReceive)("telling systemd", () => {
	let folder: string;
	let socket: string;
	let child: ChildProcess;
	let received = "";

	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), "notify-"));
		socket = join(folder, "notify");
		received = "";
		child = spawn("perl", ["-e", receiver, socket], { stdio: ["ignore", "pipe", "inherit"] });
		child.stdout?.on("data", (text: Buffer) => {
			received += text.toString();
		});
		await expect.poll(() => received).toBe("listening");
		received = "";
	});
	afterEach(() => {
		child.kill("SIGKILL");
		rmSync(folder, { recursive: true, force: true });
	});

	it("says ready, status, alive and stopping", async () => {
		const systemd = new SystemdNotifier({
			run,
			env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "30000000" },
			pid: process.pid,
		});
		await systemd.ready("12 maps");
		await systemd.status("two\nlines\tand = signs");
		await systemd.alive();
		await systemd.stopping();
		await expect
			.poll(() => received)
			.toBe(told("READY=1\nSTATUS=12 maps", "STATUS=two lines and = signs", "WATCHDOG=1", "STOPPING=1"));
	});

	it("merges what comes while one message is under way, and the newest status wins", async () => {
		const systemd = new SystemdNotifier({ run, env: { NOTIFY_SOCKET: socket }, pid: 1 });
		await Promise.all([
			systemd.ready("starting"),
			...Array.from({ length: 50 }, (_, i) => systemd.status(`status ${i}`)),
		]);
		await expect.poll(() => received).toBe(told("READY=1\nSTATUS=starting", "STATUS=status 49"));
	});
});

describe("a machine that systemd does not watch", () => {
	it("starts no program without NOTIFY_SOCKET", async () => {
		const never: RunProgram = () => Promise.reject(new Error("was started"));
		const problems: string[] = [];
		const onProblem = (problem: string): unknown => problems.push(problem);
		for (const env of [{}, { NOTIFY_SOCKET: "" }, { WATCHDOG_USEC: "1000000" }]) {
			const systemd = new SystemdNotifier({ run: never, env, pid: 1, onProblem });
			await systemd.ready("x");
			await systemd.alive();
			await systemd.stopping();
			expect(systemd.aliveEveryMs).toBeNull();
		}
		expect(problems).toEqual([]);
	});

	it("is no reason to fail when the socket or the program is gone", async () => {
		const problems: string[] = [];
		const onProblem = (problem: string): unknown => problems.push(problem);
		const gone: RunProgram = (_, args, options) => run(join(tmpdir(), "no-such-program"), args, options);
		await new SystemdNotifier({ run: gone, env: { NOTIFY_SOCKET: "/x" }, pid: 1, onProblem }).ready("x");
		expect(problems).toHaveLength(1);
		if (existsSync("/usr/bin/systemd-notify")) {
			const env = { NOTIFY_SOCKET: "/nonexistent/socket" };
			await new SystemdNotifier({ run, env, pid: 1, onProblem }).ready("x");
			expect(problems).toHaveLength(2);
		}
	});
});

describe("the watchdog", () => {
	const env = { NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "30000000" };
	it.each([
		["half of what systemd waits", env, 15_000],
		["for this process", { ...env, WATCHDOG_PID: "77" }, 15_000],
		["for another process", { ...env, WATCHDOG_PID: "78" }, null],
		["no number", { ...env, WATCHDOG_USEC: "soon" }, null],
		["zero", { ...env, WATCHDOG_USEC: "0" }, null],
	])("is fed at the right pace: %s", (_, variables, expected) => {
		expect(new SystemdNotifier({ run, env: variables, pid: 77 }).aliveEveryMs).toBe(expected);
	});
});

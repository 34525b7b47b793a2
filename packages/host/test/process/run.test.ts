import { expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { ProgramRunner } from "../../src/process/run.ts";

const long = { deadlineMs: 15_000 };
const { run } = new ProgramRunner({ runtime: realRuntime });
const shell = (script: string, options = long) => run("/bin/sh", ["-c", script], options);

/** True while a process is there and is no zombie. */
async function exists(pid: number): Promise<boolean> {
	const { stdout } = await run("/bin/ps", ["-o", "stat=", "-p", String(pid)], long);
	return stdout.trim() !== "" && !stdout.startsWith("Z");
}

async function eventually(condition: () => Promise<boolean> | boolean): Promise<void> {
	while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("output, errors and exit code come back as they are", async () => {
	expect(await shell("echo out; echo err >&2; exit 3")).toEqual({
		code: 3,
		signal: null,
		stdout: "out\n",
		stderr: "err\n",
	});
});

test("a crash is told by its signal", async () => {
	expect(await shell("kill -FPE $$")).toMatchObject({ code: null, signal: "SIGFPE" });
});

test("arguments arrive as they are: no shell reads them", async () => {
	const hostile = ["$(reboot)", "; rm -rf /", "`id`", "-n", "a b", "*", 'quote"'];
	const { stdout } = await run("/usr/bin/printf", ["%s\\n", ...hostile], long);
	expect(stdout.split("\n").slice(0, -1)).toEqual(hostile);
});

test("only a few variables are handed on", async () => {
	process.env["PATHKEEPER_TEST_SECRET"] = "secret";
	const { stdout } = await run("/usr/bin/env", [], { ...long, env: { EXTRA: "1" } });
	delete process.env["PATHKEEPER_TEST_SECRET"];
	expect(stdout.trim().split("\n").sort()).toEqual([
		"EXTRA=1",
		"LC_ALL=C",
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	]);
});

test("a program that reads its input finds its end", async () => {
	expect(await run("/bin/cat", [], long)).toMatchObject({ code: 0, stdout: "" });
});

test("a missing program is said to be missing, one that is no program to be unstartable", async () => {
	await expect(run("/sbin/nonexistent", [], long)).rejects.toMatchObject({
		code: "PROGRAM_NOT_INSTALLED",
		message: "/sbin/nonexistent is not installed on this node",
	});
	await expect(run("/etc", [], long)).rejects.toMatchObject({ code: "PROCESS_FAILED" });
	await expect(run("/bin/echo", ["a\0b"], long)).rejects.toMatchObject({ code: "PROCESS_FAILED" });
});

test("a program that hangs is killed at its deadline, and what it started with it", async () => {
	const started = new ProgramRunner({ runtime: realRuntime });
	const hanging = started.run(
		"/bin/sh",
		["-c", "trap '' TERM INT; sleep 600 & echo $! >&2; wait; sleep 600"],
		{
			deadlineMs: 300,
		},
	);
	await expect(hanging).rejects.toMatchObject({
		code: "PROCESS_DEADLINE",
		message: "/bin/sh did not finish within 0.3 s",
	});
	expect(started.stuck("/bin/sh")).toEqual([]);
});

test("a grandchild is killed with its parent", async () => {
	const mark = `sleep 6${Math.floor(Math.random() * 1e9)}`;
	const isThere = async () =>
		(await run("/bin/ps", ["-eo", "args="], long)).stdout.split("\n").includes(mark);
	const stop = new AbortController();
	const running = run("/bin/sh", ["-c", `${mark} & wait`], { deadlineMs: 600_000, signal: stop.signal });
	await eventually(isThere);
	stop.abort(new Error("enough"));
	await expect(running).rejects.toThrow("enough");
	await eventually(async () => !(await isThere()));
});

test("a child left behind with the output open does not hold the call", async () => {
	const { stdout, code } = await shell("sleep 5 & echo $!");
	expect(code).toBe(0);
	const pid = Number(stdout);
	expect(await exists(pid)).toBe(true);
	process.kill(pid, "SIGKILL");
});

test("an abort kills the program and gives the caller's reason", async () => {
	const stop = new AbortController();
	const running = run("/bin/sleep", ["600"], { ...long, signal: stop.signal });
	stop.abort(new Error("shutting down"));
	await expect(running).rejects.toThrow("shutting down");
	await expect(run("/bin/true", [], { ...long, signal: stop.signal })).rejects.toThrow("shutting down");
});

test("a program that does not stop talking is stopped", async () => {
	await expect(run("/usr/bin/yes", [], { ...long, outputBytes: 100_000 })).rejects.toMatchObject({
		code: "PROCESS_FAILED",
		message: "/usr/bin/yes failed: it wrote more than 100000 bytes",
	});
	const { stdout } = await run("/usr/bin/head", ["-c", "100000", "/dev/zero"], {
		...long,
		outputBytes: 100_000,
	});
	expect(stdout).toHaveLength(100_000);
});

test("a child that SIGKILL does not end is left and counted, and no more are started than a few", async () => {
	// A process in state D cannot be made at will; one that is not really killed behaves the same towards us.
	const runner = new ProgramRunner({ runtime: realRuntime, kill: () => {}, graceMs: 50, stuckLimit: 2 });
	const hang = () => runner.run("/bin/sleep", ["600"], { deadlineMs: 50 });
	for (let n = 1; n <= 2; n++) {
		await expect(hang()).rejects.toMatchObject({
			code: "PROCESS_DEADLINE",
			message: expect.stringMatching(
				/\/bin\/sleep \(pid \d+, which even SIGKILL does not end.*within 0.05 s/,
			),
		});
		expect(runner.stuck("/bin/sleep")).toHaveLength(n);
	}
	const stuck = runner.stuck("/bin/sleep");
	await expect(hang()).rejects.toMatchObject({
		code: "PROCESS_STUCK",
		message: expect.stringContaining(stuck.join(", ")),
	});
	expect(runner.stuck("/bin/sleep")).toEqual(stuck);
	expect((await runner.run("/bin/true", [], long)).code).toBe(0);

	for (const pid of stuck) process.kill(pid, "SIGKILL");
	await eventually(() => runner.stuck("/bin/sleep").length === 0);
	await expect(hang()).rejects.toMatchObject({ code: "PROCESS_DEADLINE" });
	for (const pid of runner.stuck("/bin/sleep")) process.kill(pid, "SIGKILL");
});

test("what hangs on one device does not keep the program from the others, up to a limit over all", async () => {
	const runner = new ProgramRunner({
		runtime: realRuntime,
		kill: () => {},
		graceMs: 50,
		stuckLimit: 1,
		stuckLimitOverall: 2,
	});
	const hang = (stuckAs: string) => runner.run("/bin/sleep", ["600"], { deadlineMs: 50, stuckAs });
	try {
		await expect(hang("dead")).rejects.toMatchObject({ code: "PROCESS_DEADLINE" });
		const [first] = runner.stuck("/bin/sleep");
		await expect(hang("dead")).rejects.toMatchObject({
			code: "PROCESS_STUCK",
			message: expect.stringContaining(String(first)),
		});
		const sound = { ...long, stuckAs: "sound" };
		expect((await runner.run("/bin/sleep", ["0"], sound)).code).toBe(0);
		await expect(hang("dead too")).rejects.toMatchObject({ code: "PROCESS_DEADLINE" });
		await expect(runner.run("/bin/sleep", ["0"], sound)).rejects.toMatchObject({
			code: "PROCESS_STUCK",
			message: expect.stringContaining(runner.stuck("/bin/sleep").join(", ")),
		});
	} finally {
		for (const pid of runner.stuck("/bin/sleep")) process.kill(pid, "SIGKILL");
	}
});

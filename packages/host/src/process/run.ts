import { type ChildProcess, spawn } from "node:child_process";
import { messageOf, PathkeeperError, type Runtime } from "@pathkeeper/model";
import { OutputBuffer } from "./output.ts";

export interface RunOptions {
	/** Milliseconds until the program is killed. */
	readonly deadlineMs: number;
	/** Ends the program early; the call then throws the signal's reason. */
	readonly signal?: AbortSignal | undefined;
	/** Bytes of stdout and of stderr that are taken before the program is killed for talking too much. */
	readonly outputBytes?: number;
	/** What its unkillable runs are counted under, such as the devices it looks at; the program itself by default. */
	readonly stuckAs?: string | undefined;
	/** Variables beside PATH and LC_ALL; nothing of our own environment is handed on. */
	readonly env?: Readonly<Record<string, string>>;
}

/** How a program ended by itself. */
export interface RunResult {
	/** Exit code; null when a signal ended it. */
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a program by its path and arguments, never through a shell. */
export type RunProgram = (
	program: string,
	args: readonly string[],
	options: RunOptions,
) => Promise<RunResult>;

export interface ProgramRunnerOptions {
	readonly runtime: Pick<Runtime, "schedule">;
	/** Unkillable runs counted under one name (`stuckAs`) that are borne before no more are started under it. */
	readonly stuckLimit?: number;
	/** Unkillable runs of one program that are borne whatever they are counted under. */
	readonly stuckLimitOverall?: number;
	/** Milliseconds for a killed program to go before it counts as stuck. */
	readonly graceMs?: number;
	/** Sends SIGKILL to a process group. */
	readonly kill?: (pid: number) => void;
}

const outputBytes = 8 * 1024 * 1024;
const stuckLimit = 3;
const stuckLimitOverall = 16;
const graceMs = 500;
/** A program that has ended may have left a child which holds its output open; it is not waited for longer. */
const drainMs = 250;
const environment = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" };

/**
 * Runs programs of the host so that none of them can hold us: every run has a deadline, at which its process group
 * gets SIGKILL. A process that waits in the kernel for a dead device (state D) does not even die of that: it is
 * reported, remembered and left behind, and when a few of one program are left behind, no more are started. A program
 * that works on many devices is counted for each of them, so that a dead one does not cost all the others.
 */
export class ProgramRunner {
	readonly #runtime: Pick<Runtime, "schedule">;
	readonly #stuckLimit: number;
	readonly #graceMs: number;
	readonly #kill: (pid: number) => void;
	readonly #stuckLimitOverall: number;
	/** By program, then by what they are counted under. */
	readonly #stuck = new Map<string, Map<string, Set<number>>>();

	constructor(options: ProgramRunnerOptions) {
		this.#runtime = options.runtime;
		this.#stuckLimit = options.stuckLimit ?? stuckLimit;
		this.#stuckLimitOverall = options.stuckLimitOverall ?? stuckLimitOverall;
		this.#graceMs = options.graceMs ?? graceMs;
		this.#kill = options.kill ?? killGroup;
	}

	/** Pids of the runs of a program that were killed and are still there. */
	stuck(program: string): readonly number[] {
		return [...(this.#stuck.get(program)?.values() ?? [])].flatMap((pids) => [...pids]);
	}

	/**
	 * Gives the result of any end of its own, also a bad one: what an exit code means is the caller's knowledge.
	 * Throws PROGRAM_NOT_INSTALLED, PROCESS_FAILED (cannot be started, too much output), PROCESS_DEADLINE, PROCESS_STUCK, or the reason of
	 * the signal.
	 */
	readonly run: RunProgram = async (program, args, options) => {
		options.signal?.throwIfAborted();
		const countedAs = options.stuckAs ?? program;
		this.#refuseWhenStuck(program, countedAs);
		const child = start(program, args, { ...environment, ...options.env });
		const limit = options.outputBytes ?? outputBytes;
		const { promise: stopped, resolve: stop } = Promise.withResolvers<unknown>();
		const stdout = new OutputBuffer(child.stdout, limit, () => stop(tooMuch(program, limit)));
		const stderr = new OutputBuffer(child.stderr, limit, () => stop(tooMuch(program, limit)));
		const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<Ending>();
		child.once("error", (error) => fail(cannotStart(program, error)));
		child.once("exit", (code, signal) => end({ code, signal }));

		const cancel = this.#runtime.schedule(options.deadlineMs, () =>
			stop(pastDeadline(program, options.deadlineMs)),
		);
		const abort = (): void => stop(options.signal?.reason);
		options.signal?.addEventListener("abort", abort, { once: true });
		try {
			const first = await Promise.race([ended, stopped.then((reason) => ({ reason }))]);
			if ("reason" in first) {
				const pid = child.pid;
				const left = pid !== undefined && !(await this.#endNow({ program, countedAs, pid }, ended));
				if (left) child.unref();
				throw left ? leftBehind(first.reason, program, child.pid, options.deadlineMs) : first.reason;
			}
			await Promise.race([Promise.all([stdout.ended, stderr.ended]), this.#after(drainMs)]);
			return { ...first, stdout: stdout.text(), stderr: stderr.text() };
		} finally {
			cancel();
			options.signal?.removeEventListener("abort", abort);
			child.stdout?.destroy();
			child.stderr?.destroy();
		}
	};

	/** Kills; true when the process went within the grace. One that did not is remembered until it goes. */
	async #endNow({ program, countedAs, pid }: Doomed, ended: Promise<Ending>): Promise<boolean> {
		this.#kill(pid);
		const gone = await Promise.race([ended.then(() => true), this.#after(this.#graceMs).then(() => false)]);
		if (!gone) {
			const counts = this.#stuck.get(program) ?? new Map<string, Set<number>>();
			const pids = counts.get(countedAs) ?? new Set();
			this.#stuck.set(program, counts.set(countedAs, pids.add(pid)));
			void ended.finally(() => {
				pids.delete(pid);
				if (pids.size === 0) counts.delete(countedAs);
			});
		}
		return gone;
	}

	#after(ms: number): Promise<void> {
		return new Promise((resolve) => void this.#runtime.schedule(ms, resolve));
	}

	#refuseWhenStuck(program: string, countedAs: string): void {
		const own = [...(this.#stuck.get(program)?.get(countedAs) ?? [])];
		const all = this.stuck(program);
		if (own.length < this.#stuckLimit && all.length < this.#stuckLimitOverall) return;
		const pids = own.length < this.#stuckLimit ? all : own;
		const values = { program, count: pids.length, pids: pids.join(", ") };
		throw new PathkeeperError("PROCESS_STUCK", values);
	}
}

interface Doomed {
	readonly program: string;
	readonly countedAs: string;
	readonly pid: number;
}

function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
	try {
		return spawn(program, args, { cwd: "/", detached: true, env, stdio: ["ignore", "pipe", "pipe"] });
	} catch (error) {
		const values = { program, problem: `it cannot be started (${messageOf(error)})` };
		throw new PathkeeperError("PROCESS_FAILED", values, { cause: error });
	}
}

interface Ending {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
}

/** The child leads a group of its own, so what it started goes with it. */
function killGroup(pid: number): void {
	try {
		process.kill(-pid, "SIGKILL");
	} catch {
		// it has just ended
	}
}

function cannotStart(program: string, error: NodeJS.ErrnoException): PathkeeperError {
	if (error.code === "ENOENT")
		return new PathkeeperError("PROGRAM_NOT_INSTALLED", { program }, { cause: error });
	const problem = `it cannot be started (${error.code ?? error.message})`;
	return new PathkeeperError("PROCESS_FAILED", { program, problem }, { cause: error });
}

function tooMuch(program: string, limit: number): PathkeeperError {
	const problem = `it wrote more than ${limit} bytes`;
	return new PathkeeperError("PROCESS_FAILED", { program, problem });
}

function pastDeadline(program: string, deadlineMs: number): PathkeeperError {
	return new PathkeeperError("PROCESS_DEADLINE", { program, seconds: deadlineMs / 1000 });
}

/** What is thrown for a run that SIGKILL did not end; an abort stays the caller's own reason. */
function leftBehind(reason: unknown, program: string, pid: number | undefined, deadlineMs: number): unknown {
	if (!(reason instanceof PathkeeperError)) return reason;
	const who = `${program} (pid ${pid ?? "?"}, which even SIGKILL does not end: it waits in the kernel)`;
	const values = { program: who, seconds: deadlineMs / 1000 };
	return new PathkeeperError("PROCESS_DEADLINE", values, { cause: reason });
}

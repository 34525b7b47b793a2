import { type ChildProcess, spawn } from "node:child_process";
import { EventQueue } from "./event-queue.ts";
import { MonitorParser } from "./monitor-parser.ts";
import type { UdevEvent, UdevEvents } from "./udev-events.ts";

export interface UdevMonitorOptions {
	/** The program, by path or by a name in PATH. */
	readonly program?: string;
	/** Waits, or ends early when the signal aborts; throws then or not, as it likes. */
	readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
	/** Milliseconds since the epoch. */
	readonly now?: () => number;
	/** Told each time when the source has ended, with the reason in words. */
	readonly onEnd?: (problem: string) => void;
}

// Kernel events come within milliseconds, and also where no udevd runs; those of udev come with the WWID looked up.
const args = ["monitor", "--kernel", "--udev", "--property", "--subsystem-match=block"];
const shortestPauseMs = 1_000;
const longestPauseMs = 60_000;
/** A source that ran this long was sound, so that the next pause is short again. */
const soundMs = 60_000;

/**
 * Block events through `udevadm monitor`, for Node cannot open a netlink socket. The program is started again with
 * growing pauses when it ends or is not there; nothing of that is thrown, because a host without events is only
 * looked at less promptly.
 */
export class UdevMonitor implements UdevEvents {
	readonly #program: string;
	readonly #sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
	readonly #now: () => number;
	readonly #onEnd: (problem: string) => void;

	constructor(options: UdevMonitorOptions = {}) {
		this.#program = options.program ?? "udevadm";
		this.#sleep = options.sleep ?? pause;
		this.#now = options.now ?? Date.now;
		this.#onEnd = options.onEnd ?? (() => undefined);
	}

	async *watch(signal: AbortSignal): AsyncGenerator<UdevEvent, void, void> {
		const queue = new EventQueue();
		const given = new AbortController();
		const over = AbortSignal.any([signal, given.signal]);
		const source = this.#keepRunning(queue, over);
		try {
			while (!over.aborted) {
				yield* queue.take();
				await queue.filled(over);
			}
		} finally {
			given.abort();
			await source;
		}
	}

	async #keepRunning(queue: EventQueue, signal: AbortSignal): Promise<void> {
		let pauseMs = shortestPauseMs;
		while (!signal.aborted) {
			const started = this.#now();
			const problem = await this.#run(queue, signal);
			if (signal.aborted) return;
			this.#onEnd(problem);
			if (this.#now() - started >= soundMs) pauseMs = shortestPauseMs;
			try {
				await this.#sleep(pauseMs, signal);
			} catch {
				// Aborted: the loop ends by itself.
			}
			pauseMs = Math.min(pauseMs * 2, longestPauseMs);
		}
	}

	/** Runs the program once; gives why it ended. */
	#run(queue: EventQueue, signal: AbortSignal): Promise<string> {
		const { promise, resolve } = Promise.withResolvers<string>();
		const child = spawn(this.#program, args, {
			cwd: "/",
			env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
			stdio: ["ignore", "pipe", "ignore"],
		});
		const parser = new MonitorParser(this.#now);
		const stop = (): void => abandon(child, () => resolve("stopped"));
		signal.addEventListener("abort", stop, { once: true });
		child.stdout.setEncoding("utf8");
		child.stdout.on("data", (text: string) => {
			for (const event of parser.push(text)) queue.add(event);
		});
		child.stdout.on("error", () => undefined);
		child.once("error", (error) => resolve(`${this.#program} cannot be run: ${error.message}`));
		child.once("close", (code, by) => resolve(`${this.#program} monitor ended (${by ?? `code ${code}`})`));
		if (signal.aborted) stop();
		return promise.finally(() => signal.removeEventListener("abort", stop));
	}
}

/** Ends the child; what it may still do is not waited for. */
function abandon(child: ChildProcess, done: () => void): void {
	child.kill("SIGKILL");
	child.stdout?.destroy();
	child.unref();
	done();
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, ms);
	signal.addEventListener("abort", () => resolve(), { once: true });
	return promise.finally(() => clearTimeout(timer));
}

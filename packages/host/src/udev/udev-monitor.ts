import { type ChildProcess, spawn } from "node:child_process";
import { backoffMs, pause, type Runtime } from "@pathkeeper/model";
import { EventQueue } from "./event-queue.ts";
import { MonitorParser } from "./monitor-parser.ts";
import type { UdevEvent, UdevEvents } from "./udev-events.ts";

export interface UdevMonitorOptions {
	/** The program, by path or by a name in PATH. */
	readonly program?: string;
	readonly runtime: Pick<Runtime, "now" | "monotonic" | "sleep">;
	/** Told each time when the source has ended, with the reason in words. */
	readonly onEnd?: (problem: string) => void;
}

// Kernel events come within milliseconds, and also where no udevd runs; those of udev come with the WWID looked up.
const args = ["monitor", "--kernel", "--udev", "--property", "--subsystem-match=block"];
const pauses = { firstMs: 1_000, longestMs: 60_000 };
/** A source that ran this long was sound, so that the next pause is short again. */
const soundMs = 60_000;

/**
 * Block events through `udevadm monitor`, for Node cannot open a netlink socket. The program is started again with
 * growing pauses when it ends or is not there; nothing of that is thrown, because a host without events is only
 * looked at less promptly.
 */
export class UdevMonitor implements UdevEvents {
	readonly #program: string;
	readonly #runtime: Pick<Runtime, "now" | "monotonic" | "sleep">;
	readonly #onEnd: (problem: string) => void;

	constructor(options: UdevMonitorOptions) {
		this.#program = options.program ?? "udevadm";
		this.#runtime = options.runtime;
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
		let failures = 0;
		while (!signal.aborted) {
			const started = this.#runtime.monotonic();
			const problem = await this.#run(queue, signal);
			if (signal.aborted) return;
			this.#onEnd(problem);
			if (this.#runtime.monotonic() - started >= soundMs) failures = 0;
			await pause(backoffMs(pauses, ++failures), this.#runtime, signal);
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
		const parser = new MonitorParser(() => this.#runtime.now());
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

import { Worker } from "node:worker_threads";
import { messageOf, type Runtime } from "@pathkeeper/model";
import type { JobName, Jobs } from "./jobs.ts";
import type { OffLoop } from "./off-loop.ts";
import { workerFile } from "./worker-file.ts";

export interface HeavyWorkerOptions {
	readonly runtime: Pick<Runtime, "schedule">;
	/** How long one job may take once the thread is ready, in milliseconds; then the thread is ended. */
	readonly deadlineMs?: number;
	/** How much memory the thread may have for its objects, in MiB; beyond it ends. */
	readonly memoryMb?: number;
	/** How long a thread that has nothing to do is kept, in milliseconds. */
	readonly idleMs?: number;
	/** Program of the thread. */
	readonly file?: URL;
}

/** How a job ended that gave nothing. */
export class JobFailed extends Error {
	override readonly name = "JobFailed";
	readonly why: "deadline" | "memory" | "fault";

	constructor(why: JobFailed["why"], message: string) {
		super(message);
		this.why = why;
	}
}

/**
 * A worker thread for work whose cost somebody else chooses: it has a limit of memory and of time, and when a job
 * passes one of them, the thread ends and the next job gets a new one. Jobs are done one after another, in the order
 * in which they came; the thread begins with the first and ends when there was nothing to do for a while.
 */
export class HeavyWorker implements OffLoop {
	readonly #options: Required<HeavyWorkerOptions>;
	#thread: Worker | null = null;
	/** Once the program of the thread is loaded, of which its first message tells. */
	#ready: Promise<void> = Promise.resolve();
	#queue: Promise<unknown> = Promise.resolve();
	#stopIdle: () => void = () => undefined;

	constructor(options: HeavyWorkerOptions) {
		this.#options = { deadlineMs: 60_000, memoryMb: 512, idleMs: 30_000, file: workerFile(), ...options };
	}

	/** Gives what the job gives; throws JobFailed. */
	async do<N extends JobName>(name: N, takes: Jobs[N]["takes"]): Promise<Jobs[N]["gives"]> {
		const before = this.#queue;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#queue = promise;
		await before;
		try {
			return await this.#run(name, takes);
		} finally {
			resolve();
		}
	}

	async #run<N extends JobName>(name: N, takes: Jobs[N]["takes"]): Promise<Jobs[N]["gives"]> {
		const { runtime, deadlineMs, idleMs } = this.#options;
		this.#stopIdle();
		this.#thread ??= this.#begin();
		const thread = this.#thread;
		thread.ref();
		const done = Promise.withResolvers<Reply<N>>();
		const fail = (why: JobFailed["why"], problem: string) => done.reject(new JobFailed(why, problem));
		const onMessage = (reply: Reply<N>) => done.resolve(reply);
		const onError = (error: Error) => {
			const isMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
			fail(isMemory ? "memory" : "fault", messageOf(error));
		};
		const onExit = () => fail("fault", "the thread ended");
		thread.on("error", onError).on("exit", onExit);
		let cancel = runtime.schedule(startMs, () => fail("fault", `it did not start within ${startMs} ms`));
		try {
			await Promise.race([this.#ready, done.promise]);
			cancel();
			cancel = runtime.schedule(deadlineMs, () => fail("deadline", `it took longer than ${deadlineMs} ms`));
			thread.on("message", onMessage);
			thread.postMessage({ name, takes });
			const reply = await done.promise;
			if ("problem" in reply) throw new JobFailed("fault", reply.problem);
			thread.unref();
			this.#stopIdle = runtime.schedule(idleMs, () => void this.#end());
			return reply.gives;
		} catch (error) {
			await this.#end();
			throw error;
		} finally {
			cancel();
			thread.off("message", onMessage).off("error", onError).off("exit", onExit);
		}
	}

	#begin(): Worker {
		const { file, memoryMb } = this.#options;
		const thread = new Worker(file, {
			resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 32 },
		});
		const ready = Promise.withResolvers<void>();
		this.#ready = ready.promise;
		thread.once("message", () => ready.resolve());
		// Between two jobs nobody listens, and an error without a listener ends the process.
		thread.on("error", () => undefined);
		thread.once("exit", () => {
			if (this.#thread === thread) this.#thread = null;
		});
		return thread;
	}

	async #end(): Promise<void> {
		const thread = this.#thread;
		this.#thread = null;
		await thread?.terminate();
	}
}

/** Against a thread that hangs before it is ready; a busy machine may need long to load its program. */
const startMs = 60_000;

type Reply<N extends JobName> = { readonly gives: Jobs[N]["gives"] } | { readonly problem: string };

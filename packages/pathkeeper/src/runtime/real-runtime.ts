import { randomBytes, randomUUID } from "node:crypto";
import type { Runtime, StopSignal } from "@pathkeeper/model";

/** The clocks, timers, randomness and id of this process. The entry points hand it down; nothing else imports it. */
export const realRuntime: Runtime = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	sleep,
	schedule: (ms, run) => {
		const timer = setTimeout(run, ms).unref();
		return () => clearTimeout(timer);
	},
	turn: () => new Promise((resolve) => setImmediate(resolve)),
	bytes: (count) => randomBytes(count),
	uuid: () => randomUUID(),
	pid: process.pid,
};

async function sleep(ms: number, signal?: StopSignal): Promise<void> {
	if (signal?.aborted === true) throw signal.reason;
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	const stop = () => reject(signal?.reason);
	const timer = setTimeout(resolve, ms);
	signal?.addEventListener("abort", stop, { once: true });
	try {
		await promise;
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener("abort", stop);
	}
}

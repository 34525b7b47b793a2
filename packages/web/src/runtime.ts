import type { Clock, Randomness, StopSignal, Timers } from "@pathkeeper/model";

/** The clocks, timers and randomness of this browser. A page has no process id. */
export const pageRuntime: Clock & Timers & Pick<Randomness, "bytes"> = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	sleep,
	schedule: (ms, run) => {
		const timer = setTimeout(run, ms);
		return () => clearTimeout(timer);
	},
	turn: () => new Promise((resolve) => setTimeout(resolve, 0)),
	bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
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

/** Time as a store sees it; tests hand in one they move by hand. */
export interface Timing {
	/** Milliseconds since the epoch, for the age of the change log. */
	now(): number;
	/** Milliseconds that only ever grow, for leases: setting the clock neither ends nor prolongs one. */
	monotonic(): number;
	/** Runs once after `ms`; the function it gives calls that off. Does not keep the process running. */
	schedule(ms: number, run: () => void): () => void;
}

export const systemTiming: Timing = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	schedule: (ms, run) => {
		const timer = setTimeout(run, ms);
		timer.unref();
		return () => clearTimeout(timer);
	},
};

/** Time for everything simulated: tests move it by hand, a trial lets it run. */
export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Runs something once after `ms`; the returned function calls it off. */
	after(ms: number, run: () => void): () => void;
}

/** The machine's own time. Its timers never keep the process alive. */
export const wallClock: Clock = {
	now: () => Date.now(),
	after(ms, run) {
		const timer = setTimeout(run, ms);
		timer.unref();
		return () => {
			clearTimeout(timer);
		};
	},
};

/** A clock that stands still until `advance` is called. */
export interface ManualClock extends Clock {
	/** Moves time forward and runs what falls due on the way, in order. */
	advance(ms: number): void;
}

export function manualClock(start = 0): ManualClock {
	let now = start;
	let sequence = 0;
	const due = new Map<number, { readonly at: number; readonly run: () => void }>();
	const next = (until: number) => {
		let best: [number, { readonly at: number; readonly run: () => void }] | undefined;
		for (const entry of due)
			if (entry[1].at <= until && (best === undefined || entry[1].at < best[1].at)) best = entry;
		return best;
	};
	return {
		now: () => now,
		after(ms, run) {
			const id = sequence++;
			due.set(id, { at: now + ms, run });
			return () => {
				due.delete(id);
			};
		},
		advance(ms) {
			const until = now + ms;
			for (let entry = next(until); entry !== undefined; entry = next(until)) {
				due.delete(entry[0]);
				now = Math.max(now, entry[1].at);
				entry[1].run();
			}
			now = until;
		},
	};
}

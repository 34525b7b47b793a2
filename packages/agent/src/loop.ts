import type { Clock } from "./clock.ts";
import type { Pulse } from "./progress.ts";

/**
 * A level-triggered loop: it does its work every `intervalMs`, and sooner when hurried. Work never overlaps; a hurry
 * that comes while work is going on leads to one more round right after it, so nothing that happened during a round
 * is missed. A round that throws is handed to `onError` and does not end the loop.
 */
export class Loop {
	readonly #onlyLooks: boolean;
	readonly #pulse: Pulse | undefined;
	readonly #work: (signal: AbortSignal) => Promise<void>;
	readonly #onError: (error: unknown) => void;
	readonly #intervalMs: number;
	readonly #clock: Clock;
	#wake: (() => void) | null = null;
	#due = false;

	constructor(options: {
		readonly work: (signal: AbortSignal) => Promise<void>;
		readonly onError: (error: unknown) => void;
		readonly intervalMs: number;
		readonly clock: Clock;
		/** True: its work changes nothing, so that the end does not wait for a round that is going on. */
		readonly onlyLooks?: boolean;
		/** Told at the beginning of each round, and of each pause. */
		readonly pulse?: Pulse | undefined;
	}) {
		this.#pulse = options.pulse;
		this.#onlyLooks = options.onlyLooks ?? false;
		this.#work = options.work;
		this.#onError = options.onError;
		this.#intervalMs = options.intervalMs;
		this.#clock = options.clock;
	}

	/** Asks for a round as soon as possible. */
	hurry(): void {
		this.#due = true;
		this.#wake?.();
	}

	/** Runs rounds until the signal aborts; resolves then. */
	async run(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			this.#due = false;
			const begun = this.#clock.monotonic();
			this.#pulse?.beat();
			try {
				const working = this.#work(signal);
				await (this.#onlyLooks ? unlessAborted(working, signal) : working);
			} catch (error) {
				if (!signal.aborted) this.#onError(error);
			}
			if (!this.#due) await this.#pause(this.#rest(this.#clock.monotonic() - begun), signal);
		}
		this.#pulse?.rest();
	}

	/** A slow round eats into the pause, so that rounds keep their pace; some of it stays for everybody else. */
	#rest(tookMs: number): number {
		const least = this.#intervalMs / 5;
		return Math.min(this.#intervalMs, Math.max(least, this.#intervalMs - tookMs));
	}

	async #pause(restMs: number, signal: AbortSignal): Promise<void> {
		const woken = new AbortController();
		this.#pulse?.beat(restMs);
		this.#wake = () => woken.abort();
		try {
			await this.#clock.sleep(restMs, AbortSignal.any([signal, woken.signal]));
		} catch {
			// Woken or stopped; the caller looks at both.
		} finally {
			this.#wake = null;
		}
	}
}

/** Resolves with the work, or as soon as the signal aborts; what becomes of the work then is nobody's concern. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
	const aborted = Promise.withResolvers<void>();
	const abort = () => aborted.resolve();
	signal.addEventListener("abort", abort, { once: true });
	if (signal.aborted) abort();
	try {
		await Promise.race([work, aborted.promise]);
	} finally {
		signal.removeEventListener("abort", abort);
		work.catch(() => undefined);
	}
}

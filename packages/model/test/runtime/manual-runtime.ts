import type { Runtime, StopSignal } from "../../src/index.ts";

let made = 0;

/**
 * Time that stands still until it is moved, and ids and bytes that are the same in each run. The two clocks can be moved
 * apart, as an administrator does. Other packages' tests use it too.
 */
export class ManualRuntime implements Runtime {
	readonly pid = 1000;
	#now: number;
	#monotonic = 0;
	#order = 0;
	#random = ++made;
	readonly #due = new Map<number, { readonly at: number; readonly run: () => void }>();

	constructor(now: number = Date.UTC(2026, 10, 22)) {
		this.#now = now;
	}

	now(): number {
		return this.#now;
	}

	monotonic(): number {
		return this.#monotonic;
	}

	/** How many sleeps and timers are pending. */
	get pending(): number {
		return this.#due.size;
	}

	schedule(ms: number, run: () => void): () => void {
		const order = this.#order++;
		this.#due.set(order, { at: this.#monotonic + ms, run });
		return () => this.#due.delete(order);
	}

	async sleep(ms: number, signal?: StopSignal): Promise<void> {
		if (signal?.aborted === true) throw signal.reason;
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const cancel = this.schedule(ms, resolve);
		const stop = () => {
			cancel();
			reject(signal?.reason);
		};
		signal?.addEventListener("abort", stop, { once: true });
		await promise;
		signal?.removeEventListener("abort", stop);
	}

	turn(): Promise<void> {
		return new Promise((resolve) => setImmediate(resolve));
	}

	bytes(count: number): Uint8Array {
		return Uint8Array.from({ length: count }, () => {
			// Linear congruential generator of Numerical Recipes; its high bits are the better ones.
			this.#random = (Math.imul(this.#random, 1664525) + 1013904223) >>> 0;
			return this.#random >>> 24;
		});
	}

	uuid(): string {
		const hex = Buffer.from(this.bytes(16)).toString("hex");
		return [
			hex.slice(0, 8),
			hex.slice(8, 12),
			`4${hex.slice(13, 16)}`,
			`8${hex.slice(17, 20)}`,
			hex.slice(20),
		].join("-");
	}

	/** Moves both clocks, and runs what falls due on the way, in order. */
	advance(ms: number): void {
		const until = this.#monotonic + ms;
		for (let next = this.#next(until); next !== null; next = this.#next(until)) {
			this.#due.delete(next.order);
			this.#move(Math.max(0, next.at - this.#monotonic));
			next.run();
		}
		this.#move(until - this.#monotonic);
	}

	/** Moves both clocks, and waits until everything has happened that this led to. */
	async pass(ms: number): Promise<void> {
		this.advance(ms);
		await settled();
	}

	/** Sets the wall clock, and nothing else. */
	setClock(now: number): void {
		this.#now = now;
	}

	#move(ms: number): void {
		this.#now += ms;
		this.#monotonic += ms;
	}

	#next(until: number): { readonly order: number; readonly at: number; readonly run: () => void } | null {
		const due = [...this.#due].filter(([, { at }]) => at <= until);
		const first = due.reduce<(typeof due)[number] | null>(
			(best, each) => (best === null || each[1].at < best[1].at ? each : best),
			null,
		);
		return first === null ? null : { order: first[0], ...first[1] };
	}
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

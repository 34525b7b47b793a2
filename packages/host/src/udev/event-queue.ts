import type { UdevEvent } from "./udev-events.ts";

/** An event only asks for a look, and this many asked for one already. */
const longest = 1_000;

/** Events between a source that cannot wait and a reader that may be slow; the oldest are dropped when it is. */
export class EventQueue {
	#events: UdevEvent[] = [];
	#wake: () => void = () => undefined;

	get length(): number {
		return this.#events.length;
	}

	add(event: UdevEvent): void {
		this.#events.push(event);
		if (this.#events.length > longest) this.#events.shift();
		this.#wake();
	}

	/** All that waits, oldest first; the queue is empty then. */
	take(): readonly UdevEvent[] {
		const events = this.#events;
		this.#events = [];
		return events;
	}

	/** Resolves when something waits or the signal has aborted. For one reader. */
	filled(signal: AbortSignal): Promise<void> {
		if (this.#events.length > 0 || signal.aborted) return Promise.resolve();
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#wake = resolve;
		const onAbort = (): void => resolve();
		signal.addEventListener("abort", onAbort, { once: true });
		return promise.finally(() => signal.removeEventListener("abort", onAbort));
	}
}

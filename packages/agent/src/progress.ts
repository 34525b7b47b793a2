/** What a loop says of itself. */
export interface Pulse {
	/** It has got on; `waitMs`: it waits so long now, by a timer of its own. */
	beat(waitMs?: number): void;
	/** It waits for something outside of it, such as a change in the store, however long that takes. */
	rest(): void;
}

/** Where the loops of a daemon say that they get on. */
export interface Pulses {
	/** A loop that may take `longestMs` from one sign of life to the next. It counts from its first one. */
	loop(name: string, longestMs: number): Pulse;
}

/** What a loop of the server says of itself to whoever watches that all of them get on. */
export interface Pulse {
	/** It has got on; `waitMs`: it waits so long now, by a timer of its own. */
	beat(waitMs?: number): void;
	/** It waits for something outside of it, however long that takes. */
	rest(): void;
}

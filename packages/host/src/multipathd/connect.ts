import type { SocketAddress } from "./address.ts";

/** A connection to multipathd: a stream of bytes in both directions. */
export interface Wire {
	write(bytes: Uint8Array): void;
	/** Ends it at once; nothing is handed over after that. */
	close(): void;
	/** Whether the process keeps running for it; at first it does. */
	keepsRunning(does: boolean): void;
}

/** What a connection hands over. */
export interface WireEvents {
	/** Bytes that arrived; they are valid only until it returns. */
	readonly data: (chunk: Buffer) => void;
	/** It ended, by either side; with the error that ended it, if there was one. */
	readonly end: (cause: Error | undefined) => void;
}

/** A connection that did not come about. */
export interface Refusal {
	readonly address: SocketAddress;
	/** As the kernel names it, such as `ECONNREFUSED`. */
	readonly code: string;
	readonly error: Error;
}

/** Connects to an address; gives up when the signal aborts, and is refused then. Never throws. */
export type Connect = (
	address: SocketAddress,
	events: WireEvents,
	signal: AbortSignal,
) => Promise<{ readonly wire: Wire } | Refusal>;

import { connect } from "node:net";
import type { Connect, Refusal, Wire } from "./connect.ts";

/** One piece of memory a connection: a buffer for each chunk would be as much garbage as there are replies. */
const chunkBytes = 64 * 1024;

/** Connects over a unix socket of this machine. */
export const connectSocket: Connect = (address, events, signal) => {
	const { promise, resolve } = Promise.withResolvers<{ readonly wire: Wire } | Refusal>();
	const buffer = Buffer.allocUnsafeSlow(chunkBytes);
	const callback = (length: number): boolean => {
		events.data(buffer.subarray(0, length));
		return true;
	};
	const socket = connect({ path: address, onread: { buffer, callback } });
	let cause: Error | undefined;
	const stop = (): void => void socket.destroy(new Error("stopped"));
	const done = (outcome: { readonly wire: Wire } | Refusal): void => {
		signal.removeEventListener("abort", stop);
		resolve(outcome);
	};
	socket.once("connect", () => {
		socket.on("close", () => events.end(cause));
		done({
			wire: {
				write: (bytes) => void socket.write(bytes),
				close: () => void socket.destroy(),
				keepsRunning: (does) => void (does ? socket.ref() : socket.unref()),
			},
		});
	});
	socket.on("error", (error: NodeJS.ErrnoException) => {
		cause = error;
		done({ address, code: error.code ?? "unknown", error });
	});
	signal.addEventListener("abort", stop, { once: true });
	return promise;
};

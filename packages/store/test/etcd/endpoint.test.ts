import { once } from "node:events";
import { createServer as createHttp2 } from "node:http2";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { Endpoint } from "../../src/etcd/endpoint.ts";

/** An HTTP/2 server that each connection reaches only after `ms`. */
async function slowServer(ms: number) {
	const inner = createHttp2().listen(0, "127.0.0.1");
	const outer = createServer((socket) => {
		socket.on("error", () => undefined);
		void delay(ms).then(() => {
			const onward = connect(portOf(inner), "127.0.0.1");
			onward.on("error", () => undefined);
			socket.pipe(onward).pipe(socket);
		});
	}).listen(0, "127.0.0.1");
	await Promise.all([once(inner, "listening"), once(outer, "listening")]);
	return {
		url: `http://127.0.0.1:${portOf(outer)}`,
		close: () => {
			inner.close();
			outer.close();
		},
	};
}

function portOf(server: { address(): AddressInfo | string | null }): number {
	const address = server.address();
	return typeof address === "object" && address !== null ? address.port : 0;
}

test("a member that is reached too slowly gets more time with each try, so that it is reached at last", async () => {
	const server = await slowServer(600);
	const endpoint = new Endpoint(server.url, {}, { connectMs: 200, pingMs: 7000, pongMs: 4000 }, realRuntime);
	const never = new AbortController().signal;
	try {
		await expect(endpoint.services(never)).rejects.toThrow("no answer within 200 ms");
		await expect(endpoint.services(never)).rejects.toThrow("no answer within 400 ms");
		await expect.poll(() => endpoint.services(never).then(() => "reached", String)).toBe("reached");
	} finally {
		endpoint.close();
		server.close();
	}
});

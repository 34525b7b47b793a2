/** Clients that want to keep the server busy: they send slowly, much, or without end. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openEmbeddedStore } from "@pathkeeper/store";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { Authority } from "../../../store/test/etcd/certificates.ts";
import { accessContext } from "../../src/access/access-context.ts";
import { networkGate } from "../../src/access/access-gate.ts";
import { createApi } from "../../src/api.ts";
import { createServer } from "../../src/app.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";

let app: FastifyInstance;
let end: () => Promise<void>;
let port = 0;
let tlsPort = 0;
const faults: unknown[] = [];

beforeAll(async () => {
	const folder = mkdtempSync(join(tmpdir(), "pk-slow-"));
	const store = await openEmbeddedStore({ runtime: realRuntime, path: join(folder, "store.db") });
	const onFault = (error: unknown) => faults.push(error);
	const runtime = { ...realRuntime, sleep: async () => undefined };
	const access = accessContext({ store, runtime, tell: () => undefined });
	const live = new LiveFleet({ runtime: realRuntime, store, onFault });
	const { cert, key } = new Authority(folder, "test").issue("server");
	const tls = { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
	const door = (how: typeof tls | null) =>
		createServer({
			api: createApi({ runtime, store, access, live, version: "1.2.3" }),
			gate: networkGate(access),
			tls: how,
			simulated: false,
			onFault,
			patience: { handshakeMs: 3000, headersMs: 3000, requestMs: 6000 },
		});
	app = door(null);
	const overTls = door(tls);
	[port, tlsPort] = [await listening(app), await listening(overTls)];
	end = async () => {
		await Promise.all([app.close(), overTls.close()]);
		await store.close();
		rmSync(folder, { recursive: true });
	};
});
afterAll(async () => {
	await end();
	expect(faults).toEqual([]);
});

async function listening(door: FastifyInstance): Promise<number> {
	await door.listen({ port: 0, host: "127.0.0.1" });
	const address = door.server.address();
	if (typeof address === "object" && address !== null) return address.port;
	throw new Error("it does not listen on a port");
}

interface Conversation extends Disposable {
	readonly socket: Socket;
	/** All that the server said, once it has hung up. */
	readonly over: Promise<string>;
}

function converse(to = port): Conversation {
	const socket = connect(to, "127.0.0.1");
	let said = "";
	socket.setEncoding("latin1");
	socket.on("data", (text: string) => (said += text));
	// A connection that is cut off while it is written to ends in an error.
	socket.on("error", () => undefined);
	const over = new Promise<string>((resolve) => socket.once("close", () => resolve(said)));
	return { socket, over, [Symbol.dispose]: () => socket.destroy() };
}

/** Sends texts one after another, a moment apart, until the server hangs up. */
async function drip({ socket }: Conversation, texts: Iterable<string>): Promise<void> {
	for (const text of texts) {
		if (socket.destroyed || socket.writableEnded) return;
		socket.write(text);
		await delay(50);
	}
}

async function* forever(text: string) {
	for (;;) yield text;
}

const isServed = async () => {
	const answer = await fetch(`http://127.0.0.1:${port}/api2/json/access/domains`);
	return answer.status === 200;
};

describe("a client that sends slowly", () => {
	test("its head is cut off, and others are served meanwhile", async () => {
		using slow = converse();
		slow.socket.write("GET /api2/json/version HTTP/1.1\r\nHost: x\r\n");
		const dripping = drip(
			slow,
			Array.from({ length: 1200 }, (_, n) => `X-Slow-${n}: 1\r\n`),
		);
		expect(await isServed()).toBe(true);
		expect(await slow.over).toMatch(/^(HTTP\/1\.1 408 Request Timeout\r\n|$)/);
		await dripping;
	});

	test("its login is cut off", async () => {
		using slow = converse();
		slow.socket.write(
			"POST /api2/json/access/ticket HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
		);
		const dripping = drip(
			slow,
			Array.from({ length: 900 }, () => " "),
		);
		expect(await isServed()).toBe(true);
		expect(await slow.over).not.toMatch(/^HTTP\/1\.1 200/);
		await dripping;
	});

	test("in hundreds keeps nobody out", async () => {
		const crowd = Array.from({ length: 300 }, () => converse());
		for (const { socket } of crowd) socket.write("GET /api2/json/version HTTP/1.1\r\nHost: x\r\nX-Slow: ");
		expect(await isServed()).toBe(true);
		for (const said of await Promise.all(crowd.map(({ over }) => over)))
			expect(said).toMatch(/^(HTTP\/1\.1 408 Request Timeout\r\n|$)/);
	});

	test("says nothing at all and is cut off", async () => {
		using silent = converse();
		expect(await silent.over).toMatch(/^(HTTP\/1\.1 408 Request Timeout\r\n|$)/);
	});
});

describe("a client that does not agree on how to encrypt", () => {
	test.each(["", "\u0016\u0003\u0001\u0002\u0000\u0001", "GET / HTTP/1.1\r\n\r\n"])(
		"and says %j instead is cut off",
		async (text) => {
			using silent = converse(tlsPort);
			silent.socket.write(Buffer.from(text, "latin1"));
			expect(await silent.over).not.toMatch(/HTTP\/1\.1 200/);
		},
	);
});

describe("a client that sends much", () => {
	const login = (body: string, type = "application/json") =>
		fetch(`http://127.0.0.1:${port}/api2/json/access/ticket`, {
			method: "POST",
			headers: { "content-type": type },
			body,
		});

	test("is not read: who is not known sends no documents", async () => {
		const refused = await fetch(`http://127.0.0.1:${port}/api2/json/cluster/multipath/config`, {
			method: "PUT",
			headers: { "content-type": "application/json" },
			body: "x".repeat(100_000),
		});
		expect(refused.status).toBe(401);
	});

	test("a long login is refused before it is looked at", async () => {
		expect((await login(JSON.stringify({ username: "a", password: "x".repeat(20_000) }))).status).toBe(413);
		expect(
			(await login(`username=a&password=${"x".repeat(20_000)}`, "application/x-www-form-urlencoded")).status,
		).toBe(413);
	});

	test("without an end is cut off when it is too much", async () => {
		using endless = converse();
		endless.socket.write(
			"POST /api2/json/access/ticket HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
		);
		const dripping = (async () => {
			for await (const text of forever(`1000\r\n${"x".repeat(0x1000)}\r\n`)) {
				if (endless.socket.destroyed || endless.socket.writableEnded) return;
				endless.socket.write(text);
				await delay(5);
			}
		})();
		expect(await endless.over).toMatch(/^(HTTP\/1\.1 413 |$)/);
		await dripping;
	});

	test("a head of hundreds of kilobytes is refused", async () => {
		using large = converse();
		large.socket.write(
			`GET /api2/json/version HTTP/1.1\r\nHost: x\r\nCookie: ${"a".repeat(300_000)}\r\n\r\n`,
		);
		expect(await large.over).toMatch(/^(HTTP\/1\.1 431 |$)/);
	});

	test.each([
		["a thousand lists deep", `${"[".repeat(7000)}${"]".repeat(7000)}`, 400],
		["with a prototype in it", '{"username":"a","password":"b","__proto__":{"admin":1}}', 400],
		[
			"with a constructor in it",
			'{"username":"a","password":"b","constructor":{"prototype":{"admin":1}}}',
			400,
		],
		["that is no object", '"username"', 400],
		["that is no JSON", "{", 400],
		["with no UTF-8", Buffer.from([0x7b, 0xff, 0xfe]).toString("latin1"), 400],
	])("a body %s is refused, and nothing breaks", async (_, body, status) => {
		expect((await login(body)).status).toBe(status);
		expect(await isServed()).toBe(true);
	});

	test("two lengths, or a length and chunks: neither is believed", async () => {
		for (const lengths of [
			"Content-Length: 2\r\nContent-Length: 3",
			"Content-Length: 2\r\nTransfer-Encoding: chunked",
		]) {
			using twofold = converse();
			twofold.socket.write(
				`POST /api2/json/access/ticket HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${lengths}\r\n\r\n{}\r\n`,
			);
			expect(await twofold.over).toMatch(/^HTTP\/1\.1 400 /);
		}
	});
});

/** What stands around the answers: headers, and how they are encrypted. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { routes, servedPath } from "@pathkeeper/model";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { Authority } from "../../../store/test/etcd/certificates.ts";
import { socketGate } from "../../src/access/access-gate.ts";
import { createServer } from "../../src/app.ts";
import { registerPage } from "../../src/http/register-page.ts";
import { browser, serverPerTest } from "../access/access-server.ts";

const server = serverPerTest({ whole: true });

describe("every answer", () => {
	const paths = [
		...routes.map((route) => [route.method, servedPath(route).replace(/:[a-z]+/g, "x")] as const),
		["GET", "/api2/json/nothing"] as const,
		["GET", "/api2/json/%zz"] as const,
		["POST", "/api2/json/version"] as const,
	];

	test("is kept by no cache and guessed at by no browser", async () => {
		await server().user("root@local");
		await server().grant("root@local", "Administrator", "/");
		const known = browser(await server().session("root@local"));
		for (const [method, url] of paths)
			for (const headers of [{}, known]) {
				const answer = await server().app.inject({ method, url, headers });
				const { "cache-control": cache, "x-content-type-options": sniff } = answer.headers;
				// The matrix carries a tag of its own, and is asked for anew each time.
				const isTagged = url.endsWith("/matrix") && answer.statusCode === 200;
				expect(cache, url).toBe(isTagged ? "no-cache" : "no-store");
				expect(sniff, url).toBe("nosniff");
				expect(answer.headers["strict-transport-security"]).toBeUndefined();
			}
	});
});

describe("over TLS", () => {
	let app: FastifyInstance;
	let folder = "";
	let port = 0;
	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "pk-tls-"));
		const { cert, key } = new Authority(folder, "test").issue("server");
		const tls = { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
		app = createServer({ api: [], gate: socketGate, tls, simulated: false, onFault: () => undefined });
		registerPage(app, null, realRuntime);
		await app.listen({ port: 0, host: "127.0.0.1" });
		const address = app.server.address();
		port = typeof address === "object" && address !== null ? address.port : 0;
	});
	afterAll(async () => {
		await app.close();
		rmSync(folder, { recursive: true });
	});

	/** The suite that both agree on, or the error's code. */
	function agreed(options: { ciphers?: string; maxVersion?: "TLSv1.2" | "TLSv1.1" }): Promise<string> {
		return new Promise((resolve) => {
			const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options }, () => {
				resolve(socket.getCipher().name);
				socket.destroy();
			});
			socket.on("error", (error) => resolve("code" in error ? String(error.code) : error.message));
		});
	}

	test("only suites that authenticate what they encrypt are agreed on", async () => {
		const weak = [
			"ECDHE-ECDSA-AES128-SHA",
			"ECDHE-ECDSA-AES256-SHA",
			"ECDHE-ECDSA-AES128-SHA256",
			"ECDHE-RSA-AES128-SHA",
			"AES128-GCM-SHA256",
			"DHE-RSA-AES128-GCM-SHA256",
		];
		for (const ciphers of weak)
			expect(await agreed({ ciphers, maxVersion: "TLSv1.2" }), ciphers).toMatch(/HANDSHAKE_FAILURE/);
		expect(await agreed({ maxVersion: "TLSv1.1" })).toMatch(/^ERR_SSL_/);
	});

	test("what browsers and clients of today speak is spoken", async () => {
		expect(await agreed({})).toBe("TLS_AES_256_GCM_SHA384");
		expect(await agreed({ maxVersion: "TLSv1.2" })).toMatch(/^ECDHE-(ECDSA|RSA)-.*(GCM|POLY1305)/);
	});

	test.each(["/", "/api2/json/version"])("%s says that it is not to be asked otherwise", async (url) => {
		const { headers } = await app.inject({ url });
		expect(headers["strict-transport-security"]).toBe("max-age=31536000");
	});
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { readPage } from "../../src/http/page-files.ts";
import { registerPage } from "../../src/http/register-page.ts";

const script = `console.log("${"well ".repeat(200)}");`;
let folder: string;
let app: FastifyInstance;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "pk-page-"));
	mkdirSync(join(folder, "assets"));
	writeFileSync(join(folder, "index.html"), '<meta name="style-nonce" content="%NONCE%">the page');
	writeFileSync(join(folder, "mark.svg"), "<svg/>");
	writeFileSync(join(folder, "assets/index-1a2b.js"), script);
	writeFileSync(join(folder, "assets/notes.md"), "not for browsers");
	app = Fastify();
	app.get("/api2/json/version", async () => ({ data: {} }));
	registerPage(app, readPage(folder), realRuntime);
});
afterAll(async () => {
	await app.close();
	rmSync(folder, { recursive: true });
});

describe("the page", () => {
	test("is the same document at every address of its views, and never kept", async () => {
		for (const url of ["/", "/luns/36001405%2B1", "/config?tab=overrides", "/nodes/n1"]) {
			const { statusCode, headers, body } = await app.inject({ url });
			expect([statusCode, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
			expect(headers["cache-control"]).toBe("no-store");
			expect(body).toContain("the page");
		}
	});

	test("lets in scripts by their origin alone, and styles by a word that nobody can foresee", async () => {
		const nonces = new Set<string>();
		for (let time = 0; time < 3; time++) {
			const { headers, body } = await app.inject({ url: "/" });
			const policy = String(headers["content-security-policy"]);
			const nonce = /'nonce-([\w-]{20,})'/.exec(policy)?.[1] ?? "";
			expect(body).toContain(`content="${nonce}"`);
			expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-");
			expect(policy).not.toMatch(/unsafe|\*|https?:/);
			expect(policy).toContain("frame-ancestors 'none'");
			nonces.add(nonce);
		}
		expect(nonces.size).toBe(3);
	});

	test("sends files packed to who takes that, and not again to who has them", async () => {
		const url = "/assets/index-1a2b.js";
		const packed = await app.inject({ url, headers: { "accept-encoding": "br, gzip" } });
		expect(packed.headers["content-encoding"]).toBe("gzip");
		expect(gunzipSync(packed.rawPayload).toString()).toBe(script);
		expect(packed.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
		const plain = await app.inject({ url });
		expect([plain.headers["content-encoding"], plain.body]).toEqual([undefined, script]);
		const again = await app.inject({ url, headers: { "if-none-match": String(plain.headers.etag) } });
		expect([again.statusCode, again.body]).toEqual([304, ""]);
		expect((await app.inject({ url: "/mark.svg" })).headers["cache-control"]).toBe("no-cache");
	});

	test("has nothing but what was built for browsers", async () => {
		for (const url of [
			"/assets/notes.md",
			"/assets/absent.js",
			"/index.html",
			"/assets/..%2f..%2fetc/passwd",
		])
			expect((await app.inject({ url })).statusCode, url).toBe(404);
		const traversal = await app.inject({ url: "/..%2f..%2f..%2fetc%2fpasswd" });
		expect(traversal.body).not.toContain("root:");
	});

	test("leaves what is below /api2 to the API, in its own words", async () => {
		expect((await app.inject({ url: "/api2/json/version" })).json()).toEqual({ data: {} });
		const absent = await app.inject({ url: "/api2/json/nothing" });
		expect([absent.statusCode, absent.json().message]).toEqual([
			501,
			"Method 'GET /nothing' not implemented\n",
		]);
	});

	test("says how to get it where it was not built", async () => {
		await using bare = Fastify();
		registerPage(bare, readPage(join(folder, "absent")), realRuntime);
		const { statusCode, body } = await bare.inject({ url: "/" });
		expect([statusCode, body]).toEqual([404, expect.stringContaining("./dev build")]);
	});
});

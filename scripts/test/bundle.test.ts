import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realRuntime } from "../../packages/pathkeeper/src/runtime/real-runtime.ts";
import { DaemonProcess } from "../../packages/pathkeeper/test/daemon-process.ts";
import { DemoProcess, TemporaryFolder } from "../../packages/pathkeeper/test/demo/demo-process.ts";
import { HeavyWorker } from "../../packages/server/src/heavy/heavy-worker.ts";
import { workerFile } from "../../packages/server/src/heavy/worker-file.ts";
import { bundleProduct } from "../bundle.ts";

let folder: string;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "pk-bundle-"));
	await bundleProduct(folder);
	// The demo is run by somebody else.
	chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the release bundle", () => {
	test("has the program of the worker thread beside it, and that does jobs", async () => {
		const file = workerFile(pathToFileURL(join(folder, "pathkeeper.mjs")).href);
		const problems = await new HeavyWorker({ runtime: realRuntime, file }).do("lint-overrides", {
			text: "defaults {\n}\n",
		});
		expect(problems).toMatchObject([{ line: 1, severity: "error" }]);
	});

	test("does not start a server without it, and names it", async () => {
		const alone = mkdtempSync(join(tmpdir(), "pk-alone-"));
		const program = join(alone, "pathkeeper.mjs");
		copyFileSync(join(folder, "pathkeeper.mjs"), program);
		const start = DaemonProcess.start(["--simulate", "1x1x1", "--listen", "off"], { program });
		await expect(start).rejects.toThrow(join(alone, "pathkeeper-worker.mjs"));
		rmSync(alone, { recursive: true });
	});

	test("has a demo, with the page that lies beside it", async () => {
		mkdirSync(join(folder, "page"));
		writeFileSync(join(folder, "page/index.html"), "<title>of the bundle</title>");
		using temporary = new TemporaryFolder();
		await using demo = new DemoProcess({
			temporary: temporary.path,
			args: ["-o", "json", "demo", "--size", "1x1x2", "--listen", "127.0.0.1:0"],
			program: join(folder, "pathkeeper.mjs"),
		});
		const { url } = await demo.ready();
		expect(await textAt(`${url}/`)).toContain("<title>of the bundle</title>");
		expect(await demo.end()).toBe(0);
		expect(temporary.names).toEqual([]);
	});

	test("starts it for a preview", async () => {
		const program = join(folder, "pathkeeper.mjs");
		await using daemon = await DaemonProcess.start(["--simulate", "1x1x1", "--listen", "off"], { program });
		const answer = await preview(daemon.socket, "colour: red\n");
		expect(answer).toMatchObject({
			data: {
				problems: [
					{ severity: "warning", text: expect.stringContaining("section type 'colour' is unknown") },
				],
			},
		});
	});
});

/** What is served there, by whatever certificate. */
function textAt(url: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const sent = get(url, { rejectUnauthorized: false, agent: false }, (response) => {
			let body = "";
			response.setEncoding("utf8");
			response.on("data", (piece: string) => {
				body += piece;
			});
			response.on("end", () => resolve(body));
		});
		sent.on("error", reject);
	});
}

/** What a daemon answers on its local socket to a proposed configuration. */
function preview(socketPath: string, text: string): Promise<unknown> {
	const path = "/api2/json/cluster/multipath/preview";
	const headers = { "content-type": "application/json" };
	return new Promise((resolve, reject) => {
		const sent = request({ socketPath, path, method: "POST", headers }, (response) => {
			let body = "";
			response.setEncoding("utf8");
			response.on("data", (piece: string) => {
				body += piece;
			});
			response.on("end", () => resolve(JSON.parse(body)));
		});
		sent.on("error", reject);
		sent.end(JSON.stringify({ text }));
	});
}

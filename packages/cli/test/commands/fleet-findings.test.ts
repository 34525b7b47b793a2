import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../console.ts";

/** What `status` prints of a fleet of one node and these findings. */
async function statusWith(findings: readonly object[]): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), "pathkeeper-findings-"));
	const data = { simulated: 0, luns: [], nodes: [], findings };
	const server = createServer((_, response) => {
		response.setHeader("content-type", "application/json;charset=UTF-8").end(JSON.stringify({ data }));
	});
	try {
		const socket = join(folder, "api.sock");
		server.listen(socket);
		await once(server, "listening");
		return (await run(["status"], { socket, columns: 80, env: { NO_COLOR: "1" } })).out;
	} finally {
		server.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

const full = "the store is full: etcdctl --endpoints=http://etcd1:2379 compaction 7, then etcdctl defrag";

test("status tells what is wrong with the fleet as a whole, in full, and what it only should know not at all", async () => {
	const finding = (severity: string, text: string) => ({ code: "store-full", severity, subject: null, text });
	const out = await statusWith([
		finding("error", full),
		finding("warning", "the store is getting full\u001b[31m"),
		finding("info", "never mind"),
	]);
	expect(out.replace(/\s+/g, " ")).toContain(`fleet: ${full}`);
	expect(out).toContain("fleet: the store is getting full");
	expect(out).not.toContain("\u001b");
	expect(out).not.toContain("never mind");
	expect(await statusWith([])).not.toContain("fleet:");
});

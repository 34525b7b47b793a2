/** Which answers `log --follow` waits for, and which end it. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../console.ts";

/** A server that answers with these statuses, in order, and then with an empty log. Counts what it was asked. */
async function answering(statuses: readonly number[]) {
	const folder = mkdtempSync(join(tmpdir(), "pk-follow-"));
	const asked = { count: 0 };
	const server = createServer((_, response) => {
		const status = statuses[asked.count++] ?? 200;
		const body =
			status === 200 ? { data: { entries: [], next: null } } : { data: null, message: `no: ${status}\n` };
		response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
	});
	const socket = join(folder, "api.sock");
	await new Promise<void>((resolve) => server.listen(socket, resolve));
	onTestFinished(() => {
		server.close();
		rmSync(folder, { recursive: true });
	});
	return { socket, asked };
}

/** Ends what would go on for ever, after so many pauses. */
function pauses(most: number): () => Promise<void> {
	let left = most;
	return async () => {
		if (left-- === 0) throw new Error("waited long enough");
	};
}

test.each([401, 403, 501])("a follower is ended by status %i", async (status) => {
	const { socket, asked } = await answering([200, 200, status]);
	const { code, err } = await run(["log", "--follow"], { socket, sleep: pauses(5) });
	expect({ code, count: asked.count }).toEqual({ code: 1, count: 3 });
	expect(err).toContain(`no: ${status}`);
	expect(err).not.toContain("waiting");
});

test.each([429, 500, 503])("a follower waits when the status is %i", async (status) => {
	const { socket, asked } = await answering([200, 200, status, status]);
	const { err } = await run(["log", "--follow"], { socket, sleep: pauses(5) });
	expect(asked.count).toBe(7);
	expect(err.split("\n").filter((line) => line.includes("waiting"))).toEqual([`no: ${status}; waiting`]);
});

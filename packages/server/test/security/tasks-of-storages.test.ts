/** Who may look at a node, and not at a storage, does not learn what is done with the storage there. */
import { type ArgumentOf, type TaskType, tasks } from "@pathkeeper/model";
import { createTask, joinFleet, type StoredTask } from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { browser, serverPerTest } from "../access/access-server.ts";

const server = serverPerTest({ whole: true });
let number = 0;

function task<T extends TaskType>(entry: T, argument: ArgumentOf<T>, user: string): Promise<StoredTask> {
	const { store, nowMs } = server();
	const about = { node: "n1", at: nowMs, takeWithinMs: 1e9, pid: 1, pstart: ++number };
	return createTask(store, { ...about, task: entry, argument, user });
}

/** What jane, an Operator on the node n1, sees of tasks there. */
async function seen() {
	const { store, nowMs } = server();
	await joinFleet(store, { node: "n1", run: "r", agentVersion: "1", intervalMs: 3000, joinedAt: nowMs });
	await server().user("jane@local");
	await server().grant("jane@local", "Operator", "/nodes/n1");
	const headers = browser(await server().session("jane@local"));
	const ask = (method: "GET" | "DELETE", path: string) =>
		server().call(method, `/nodes/n1/tasks${path}`, { headers });
	return { ask, listed: async () => (await ask("GET", "?limit=0")).text };
}

describe("a task with a storage that somebody may not see", () => {
	const image = { guest: 100, format: "raw", sizeBytes: 1 };
	const ofLater = { ...tasks.imgDelete, type: "imgpolish" };
	const others: readonly [string, () => Promise<StoredTask>][] = [
		["imgdel", () => task(tasks.imgDelete, { volume: "san:vm-100-disk-0" }, "root@local")],
		[
			"imgresize",
			() => task(tasks.imgResize, { volume: "san:images/100/vm-100-disk-0.raw", sizeBytes: 1 }, "root@local"),
		],
		["imgalloc", () => task(tasks.imgAlloc, { storage: "san", ...image }, "root@local")],
		["storageprepare", () => task(tasks.storagePrepare, { storage: "san" }, "root@local")],
		["one that this version does not know", () => task(ofLater, { volume: "san:a" }, "root@local")],
	];

	test.each(others)("%s is not listed, shown or stopped", async (_, leave) => {
		const { task: made } = await leave();
		const { ask, listed } = await seen();
		expect(await listed()).not.toContain("san");
		const path = `/${encodeURIComponent(made.upid)}`;
		const refusal = { status: 403, message: "Permission check failed (/storage/san, Datastore.Audit)" };
		expect(await ask("GET", `${path}/status`)).toMatchObject(refusal);
		expect(await ask("GET", `${path}/log`)).toMatchObject(refusal);
		expect(await ask("DELETE", path)).toMatchObject(refusal);
		// The same answer as of one that is not there.
		const absent = path.replace("00000001", "0000FFFF");
		expect(await ask("GET", `${absent}/status`)).toMatchObject(refusal);
		await server().grant("jane@local", "Auditor", "/storage");
		expect(await listed()).toContain("san");
		expect(await ask("GET", `${path}/status`)).toMatchObject({ status: 200 });
	});

	test("is shown to who asked for it, and work with LUNs to all who may look at the node", async () => {
		await task(tasks.imgDelete, { volume: "san:vm-100-disk-0" }, "jane@local");
		await task(tasks.lunWithdraw, { wwid: "3600a" }, "root@local");
		const { listed } = await seen();
		expect(JSON.parse(await listed()).data).toHaveLength(2);
	});
});

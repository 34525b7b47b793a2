import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { doneOutcome, notTaken, tasks } from "@pathkeeper/model";
import {
	claimTask,
	createTask,
	deleteTask,
	finishTask,
	joinFleet,
	type Lease,
	openEmbeddedStore,
	readTask,
	requireAudit,
	type Store,
	type StoredTask,
} from "@pathkeeper/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { type WaitContext, waitForEnd } from "../../src/tasks/wait-for-end.ts";

let folder: string;
let store: Store;
let lease: Lease;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "wait-for-end-"));
	store = await openEmbeddedStore({ runtime: realRuntime, path: join(folder, "store.db") });
	const member = { node: "n1", run: "r", agentVersion: "1", intervalMs: 600_000, joinedAt: 1 };
	({ lease } = await joinFleet(store, member));
});
afterEach(async () => {
	await store.close();
	rmSync(folder, { recursive: true });
});

const at = 1_763_800_000_000;

function asked(): Promise<StoredTask> {
	const about = { node: "n1", user: "root@local", at, takeWithinMs: 10_000, pid: 1, pstart: 1 };
	return createTask(store, { ...about, task: tasks.lunGuard, argument: { wwid: "3600a" } });
}

/** Time that passes when the test says so: each tick ends the sleep that is under way. */
function heldTime() {
	let now = at;
	let tick = Promise.withResolvers<void>();
	const context: WaitContext = {
		store,
		runtime: { ...realRuntime, now: () => now, sleep: () => tick.promise },
	};
	const pass = (ms: number) => {
		now += ms;
		tick.resolve();
		tick = Promise.withResolvers<void>();
	};
	return { context, pass };
}

async function claimed(stored: StoredTask): Promise<StoredTask> {
	const running = await claimTask(store, stored, "r", at);
	if (running === null) throw new Error("it was not there to be claimed");
	return running;
}

describe("who waits for a task", () => {
	test("learns of its end from the store, while no time passes", async () => {
		const stored = await asked();
		const { context } = heldTime();
		const ended = waitForEnd(context, stored);
		await finishTask(store, await claimed(stored), doneOutcome, at + 5);
		expect(await ended).toMatchObject({ state: "stopped", outcome: doneOutcome });
	});

	test("reads it once and then follows it, however long it takes", async () => {
		const stored = await claimed(await asked());
		let lists = 0;
		const counted: Store = {
			...requireAudit(store),
			list: (prefix, limit) => {
				if (prefix.startsWith("task/")) lists++;
				return store.list(prefix, limit);
			},
		};
		const { context, pass } = heldTime();
		const ended = waitForEnd({ ...context, store: counted }, stored);
		for (let n = 0; n < 50; n++) {
			pass(1000);
			await new Promise((resolve) => setImmediate(resolve));
		}
		await finishTask(store, stored, doneOutcome, at + 5);
		expect(await ended).toMatchObject({ outcome: doneOutcome });
		expect(lists).toBe(1);
	});

	test("ends one that no agent takes in time, and it is never run", async () => {
		const stored = await asked();
		const { context, pass } = heldTime();
		const ended = waitForEnd(context, stored);
		const ticks = setInterval(() => pass(1000), 1);
		expect(await ended).toMatchObject({ state: "stopped", outcome: notTaken });
		clearInterval(ticks);
		expect(await claimTask(store, stored, "r", at)).toBeNull();
	});

	test.each(["waiting", "running"])("learns that the agent of one that is %s is gone", async (state) => {
		const stored = await asked();
		if (state === "running") await claimed(stored);
		const { context, pass } = heldTime();
		const ended = waitForEnd(context, stored);
		await lease.revoke();
		const ticks = setInterval(() => pass(1), 1);
		expect(await ended).toMatchObject({ kind: "unreachable", why: "gone" });
		clearInterval(ticks);
		const now = (await readTask(store, stored.task.upid))?.task;
		expect(now?.outcome).toEqual(state === "waiting" ? notTaken : null);
	});

	test("is not kept by one that was removed from the store", async () => {
		const stored = await asked();
		const { context } = heldTime();
		const ended = waitForEnd(context, stored);
		await deleteTask(store, stored.task);
		expect(await ended).toMatchObject({ kind: "unreachable", why: "gone" });
	});
});

import { notTaken, tasks } from "@pathkeeper/model";
import { createTask, giveUpTask, type Store } from "@pathkeeper/store";
import { expect, it } from "vitest";
import { readTasks } from "../../../store/src/documents/tasks.ts";
import type { Clock } from "../../src/clock.ts";
import { TaskRetention } from "../../src/work/task-retention.ts";
import { oneNode, until } from "../one-node.ts";
import { storeWith } from "../store-with.ts";

const dayMs = 24 * 60 * 60_000;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let last = 0;
async function ended(store: Store, agoMs: number): Promise<void> {
	last++;
	const at = Date.now() - agoMs;
	const asked = {
		node: "n1",
		task: tasks.imgDelete,
		user: "root@local",
		argument: { volume: "data:a" },
		pid: 7,
		pstart: last,
	};
	await giveUpTask(store, await createTask(store, { ...asked, at, takeWithinMs: 1 }), notTaken, at);
}

const counted = async (store: Store) => (await readTasks(store, "n1")).tasks.length;

/** Time that stands still until the test lets a sleep end. */
function heldClock() {
	const sleeps: { readonly ms: number; readonly end: () => void }[] = [];
	const clock: Clock = {
		now: Date.now,
		monotonic: () => performance.now(),
		sleep: (ms, signal) =>
			new Promise((resolve, reject) => {
				sleeps.push({ ms, end: resolve });
				signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
			}),
	};
	return { clock, sleeps };
}

it("removes what is too old when the agent starts, each hour, and after some tasks", async () => {
	const node = await oneNode();
	const { store } = node;
	const { clock, sleeps } = heldClock();
	const bounds = { days: 30, most: 1000 };
	const retention = new TaskRetention({ store, node: "n1", bounds, clock, log: silent });
	await ended(store, 31 * dayMs);
	await ended(store, 29 * dayMs);
	const stop = new AbortController();
	const running = retention.run(stop.signal);
	await until(
		async () => sleeps.length === 1,
		() => "it looks on",
	);
	expect(await counted(store)).toBe(1);

	await ended(store, 31 * dayMs);
	expect(sleeps[0]?.ms).toBe(60 * 60_000);
	sleeps[0]?.end();
	await until(
		async () => sleeps.length === 2,
		() => "it does not look again",
	);
	expect(await counted(store)).toBe(1);

	await ended(store, 31 * dayMs);
	for (let n = 0; n < 24; n++) await retention.noteEnded();
	expect(await counted(store)).toBe(2);
	await retention.noteEnded();
	expect(await counted(store)).toBe(1);
	stop.abort();
	await running;
});

it("goes on when the store does not answer", async () => {
	const node = await oneNode();
	const store = storeWith(node.store, { list: () => Promise.reject(new Error("no answer")) });
	const { clock, sleeps } = heldClock();
	const warnings: string[] = [];
	const log = { ...silent, warn: (_: object, message: string) => warnings.push(message) };
	const retention = new TaskRetention({ store, node: "n1", bounds: { days: 1, most: 1 }, clock, log });
	const stop = new AbortController();
	const running = retention.run(stop.signal);
	await until(
		async () => sleeps.length === 1,
		() => "it ended",
	);
	expect(warnings).toEqual(["work: old tasks cannot be removed"]);
	stop.abort();
	await running;
});

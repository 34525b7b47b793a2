import {
	defineTask,
	doneOutcome,
	failureOf,
	lostInRestart,
	notTaken,
	PathkeeperError,
	type TaskOutcome,
} from "@pathkeeper/model";
import { Type } from "typebox";
import { describe, expect, test } from "vitest";
import { longestTaskLog, longestTaskLogLine, readTaskLog, TaskLog } from "../../src/documents/task-log.ts";
import {
	claimTask,
	createTask,
	finishTask,
	giveUpTask,
	type NewTask,
	readTask,
	readTasks,
	stopLostTasks,
	taskPrefix,
} from "../../src/documents/tasks.ts";
import { bytes, codeOf, put, write } from "../contract/tools.ts";
import { storePerTest } from "./document-store.ts";

const shared = storePerTest();
const at = 1_700_000_000_000;
const lunForget = defineTask({
	type: "lun-forget",
	kind: "change",
	subject: "wwid",
	summary: "a task of a later version, say",
	argument: Type.Object({ wwid: Type.String(), force: Type.Boolean() }),
	result: Type.Null(),
});
const inUse: TaskOutcome = failureOf(
	"refused",
	new PathkeeperError("LUN_IN_USE", { wwid: "3600a", users: "n1: mounted on /srv" }),
);
const asked: NewTask<typeof lunForget> = {
	node: "n1",
	task: lunForget,
	user: "root@local",
	argument: { wwid: "360014050000000100005ca14ab18000", force: false },
	at,
	takeWithinMs: 10_000,
	pid: 4711,
	pstart: 1,
};

describe("a task", () => {
	test("waits under the name that Proxmox VE would give it", async () => {
		const { task } = await createTask(shared.store, asked);
		expect(task).toEqual({
			upid: "UPID:n1:00001267:00000001:6553F100:lun-forget:360014050000000100005ca14ab18000:root@local:",
			node: "n1",
			type: "lun-forget",
			id: "360014050000000100005ca14ab18000",
			user: "root@local",
			reference: null,
			startedAt: at,
			takeBefore: at + 10_000,
			state: "waiting",
			claimedBy: null,
			outcome: null,
			exitStatus: null,
			endedAt: null,
			argument: asked.argument,
		});
		expect((await readTask(shared.store, task.upid))?.task).toEqual(task);
		expect(await readTask(shared.store, task.upid.replace("n1", "n2"))).toBeNull();
		expect(await readTask(shared.store, "../../config/multipath.cfg")).toBeNull();
	});

	test("is not made twice under one name", async () => {
		await createTask(shared.store, asked);
		expect(await codeOf(createTask(shared.store, asked))).toBe("ALREADY_EXISTS");
		await createTask(shared.store, { ...asked, pstart: 2 });
	});

	test("is claimed exactly once, however many try", async () => {
		const waiting = await createTask(shared.store, asked);
		const claims = await Promise.all(
			Array.from({ length: 10 }, (_, n) => claimTask(shared.store, waiting, `run-${n}`, at + 1)),
		);
		const won = claims.filter((claim) => claim !== null);
		expect(won).toHaveLength(1);
		expect((await readTask(shared.store, waiting.task.upid))?.task).toEqual(won[0]?.task);
		expect(won[0]?.task).toMatchObject({ state: "running", exitStatus: null });
	});

	test("is claimed or given up, never both", async () => {
		const waiting = await createTask(shared.store, asked);
		const [claimed, givenUp] = await Promise.all([
			claimTask(shared.store, waiting, "run", at + 1),
			giveUpTask(shared.store, waiting, notTaken, at + 1),
		]);
		expect([claimed !== null, givenUp].filter(Boolean)).toHaveLength(1);
		const next = await createTask(shared.store, { ...asked, pstart: 2 });
		expect(await giveUpTask(shared.store, next, notTaken, at + 1)).toBe(true);
		expect(await claimTask(shared.store, next, "run", at + 1)).toBeNull();
		expect((await readTask(shared.store, next.task.upid))?.task).toMatchObject({
			state: "stopped",
			outcome: notTaken,
			exitStatus: "not run: no agent took it in time",
			endedAt: at + 1,
		});
	});

	test("that waited too long is never begun", async () => {
		const waiting = await createTask(shared.store, asked);
		expect(await claimTask(shared.store, waiting, "run", at + 10_001)).toBeNull();
		const stored = await readTask(shared.store, waiting.task.upid);
		expect(stored?.task).toMatchObject({ state: "stopped", outcome: notTaken, claimedBy: null });
		if (stored) expect(await claimTask(shared.store, stored, "run", at)).toBeNull();
	});

	test("ends once, with its outcome", async () => {
		const running = await claimTask(shared.store, await createTask(shared.store, asked), "run", at + 1);
		if (running === null) throw new Error("not claimed");
		expect(await finishTask(shared.store, running, doneOutcome, at + 5)).toBe(true);
		expect(await finishTask(shared.store, running, inUse, at + 6)).toBe(false);
		const stored = await readTask(shared.store, running.task.upid);
		expect(stored?.task).toMatchObject({ outcome: doneOutcome, exitStatus: "OK", endedAt: at + 5 });
	});

	test("keeps code, values and text of what it was refused for", async () => {
		const running = await claimTask(shared.store, await createTask(shared.store, asked), "run", at + 1);
		if (running === null) throw new Error("not claimed");
		await finishTask(shared.store, running, inUse, at + 5);
		expect((await readTask(shared.store, running.task.upid))?.task).toMatchObject({
			outcome: {
				kind: "refused",
				code: "LUN_IN_USE",
				values: { wwid: "3600a", users: "n1: mounted on /srv" },
				text: "LUN 3600a is in use and was not changed: n1: mounted on /srv",
			},
			exitStatus: "LUN 3600a is in use and was not changed: n1: mounted on /srv",
		});
	});

	test("that another run of the agent had begun ends as unknown, and is not run again", async () => {
		const tasks = await Promise.all(
			[1, 2, 3].map((pstart) => createTask(shared.store, { ...asked, pstart })),
		);
		const [first, second, third] = tasks;
		if (!first || !second || !third) throw new Error("three tasks were made");
		const before = await claimTask(shared.store, first, "before", at + 1);
		await claimTask(shared.store, second, "now", at + 1);
		const lost = await stopLostTasks(shared.store, "n1", "now", at + 9);
		expect(lost.map(({ upid }) => upid)).toEqual([first.task.upid]);
		const states = new Map((await readTasks(shared.store, "n1")).tasks.map(({ task }) => [task.upid, task]));
		expect(states.get(first.task.upid)).toMatchObject({ state: "stopped", outcome: lostInRestart });
		expect(states.get(second.task.upid)).toMatchObject({ state: "running" });
		expect(states.get(third.task.upid)).toMatchObject({ state: "waiting" });
		// The former run, should it still be there, cannot say otherwise afterwards.
		if (before) expect(await finishTask(shared.store, before, doneOutcome, at + 10)).toBe(false);
	});
});

describe("the tasks of a node", () => {
	test("are its own, newest first", async () => {
		for (const [pstart, node] of [
			[1, "n1"],
			[2, "n1"],
			[3, "n10"],
			[4, "n1"],
		] as const)
			await createTask(shared.store, { ...asked, node, pstart, at: at + pstart * 1000 });
		const { tasks } = await readTasks(shared.store, "n1");
		expect(tasks.map(({ task }) => task.startedAt - at)).toEqual([4000, 2000, 1000]);
	});

	test("do not suffer from one that cannot be read, nor from one that says to be another", async () => {
		const { task } = await createTask(shared.store, asked);
		const values = ["", "{}", "null", JSON.stringify({ ...task, state: "splendid" }), JSON.stringify(task)];
		for (const [n, value] of values.entries())
			await write(shared.store, { op: "put", key: `${taskPrefix("n1")}bad-${n}`, value: bytes(value) });
		const { tasks, problems } = await readTasks(shared.store, "n1");
		expect(tasks.map((stored) => stored.task.upid)).toEqual([task.upid]);
		expect(problems).toHaveLength(values.length);
		expect(problems.at(-1)).toContain("task/n1/bad-4");
	});
});

describe("a task that version 0.1.0 ended", () => {
	/** Writes a task as 0.1.0 did, which knew no outcome. */
	async function former(exitStatus: string, more: object = {}): Promise<TaskOutcome | null | undefined> {
		const { task } = await createTask(shared.store, asked);
		const { outcome, reference, ...rest } = task;
		const written = { ...rest, state: "stopped", exitStatus, endedAt: at + 9, ...more };
		const key = `${taskPrefix("n1")}${task.upid}`;
		await write(shared.store, { op: "put", key, value: bytes(JSON.stringify(written)) });
		const { tasks } = await readTasks(shared.store, "n1");
		expect(tasks[0]?.task).toMatchObject({ exitStatus, reference: null, endedAt: at + 9 });
		return tasks[0]?.task.outcome;
	}

	test.each([
		["OK", doneOutcome],
		["not run: no agent took it in time", notTaken],
		["not run: the node was removed from the fleet", { kind: "not-run", why: "node-removed" }],
		["unknown (node restarted while it ran)", lostInRestart],
		["unknown (node removed while it ran)", { kind: "lost", why: "node-removed" }],
	])("as %s is read with that outcome", async (exitStatus, outcome) => {
		expect(await former(exitStatus)).toEqual(outcome);
	});

	test.each(["LUN 3600a is in use and stays: n1: mounted on /srv", "OK, nearly", ""])(
		"as '%s' failed, and nothing is read out of its words",
		async (text) => {
			expect(await former(text)).toEqual({
				kind: "failed",
				code: "NODE_REFUSED",
				values: { problem: text },
				text,
			});
		},
	);

	test("or a later version, with an outcome that this one does not know, is known by its exit status", async () => {
		expect(await former("OK", { outcome: { kind: "postponed" } })).toEqual(doneOutcome);
	});
});

describe("the log of a task", () => {
	const task = { node: "n1", upid: "UPID:n1:00001267:00000001:6553F100:x::root@local:" };

	test("is read line by line as it was written, while it grows", async () => {
		const log = new TaskLog(shared.store, task);
		log.add("one\ntwo\r\nthree");
		await log.flush();
		expect(await readTaskLog(shared.store, task)).toEqual(["one", "two", "three"]);
		for (let n = 0; n < 250; n++) log.add(`line ${n}`);
		await Promise.all([log.flush(), log.flush()]);
		log.add("end");
		await log.flush();
		const lines = await readTaskLog(shared.store, task);
		expect(lines).toHaveLength(254);
		expect(lines.slice(3, 253)).toEqual(Array.from({ length: 250 }, (_, n) => `line ${n}`));
		expect(lines.at(-1)).toBe("end");
	});

	test("is written only when something was added", async () => {
		const log = new TaskLog(shared.store, task);
		await log.flush();
		log.add("one");
		await log.flush();
		const { revision } = await shared.store.list("");
		await log.flush();
		expect((await shared.store.list("")).revision).toBe(revision);
	});

	test("is bounded in lines and in their length, and says so", async () => {
		const log = new TaskLog(shared.store, task);
		log.add("ä€".repeat(longestTaskLogLine));
		for (let n = 0; n < longestTaskLog + 500; n++) log.add("€".repeat(longestTaskLogLine - 1));
		await log.flush();
		const lines = await readTaskLog(shared.store, task);
		expect(lines).toHaveLength(longestTaskLog);
		expect(lines[0]).toHaveLength(longestTaskLogLine);
		expect(lines[0]?.endsWith("…")).toBe(true);
		expect(lines.at(-1)).toBe("… the rest is not kept");
	});

	test("of another task is not read", async () => {
		await write(shared.store, put("task-log/n1/UPID:n1:other/000000", '["x"]'));
		expect(await readTaskLog(shared.store, task)).toEqual([]);
	});
});

import { doneOutcome, notTaken, tasks } from "@pathkeeper/model";
import { expect, test } from "vitest";
import { TaskLog } from "../../src/documents/task-log.ts";
import { outdatedTasks, type TaskBounds, trimTasks } from "../../src/documents/task-retention.ts";
import { createTask, giveUpTask, readTasks, type Task } from "../../src/documents/tasks.ts";
import { contents } from "../contract/tools.ts";
import { storePerTest } from "./document-store.ts";

const shared = storePerTest();
const dayMs = 24 * 60 * 60 * 1000;
const now = 1_700_000_000_000;
const kept: TaskBounds = { days: 30, most: 100 };

let last = 0;
function ended(user: string, type: string, agoMs: number): Task {
	last++;
	const at = now - agoMs;
	return {
		upid: `UPID:n1:${last}`,
		node: "n1",
		type,
		id: "",
		user,
		startedAt: at,
		takeBefore: at,
		state: "stopped",
		claimedBy: null,
		reference: null,
		outcome: doneOutcome,
		exitStatus: "OK",
		endedAt: at,
		argument: null,
	};
}

function many(count: number, user: string, type: string, newestAgoMs = 0): Task[] {
	return Array.from({ length: count }, (_, n) => ended(user, type, newestAgoMs + n * 1000));
}

function left(tasks: readonly Task[], bounds: TaskBounds = kept): readonly Task[] {
	const gone = new Set(outdatedTasks(tasks, bounds, now));
	return tasks.filter((task) => !gone.has(task));
}

const countOf = (tasks: readonly Task[], user: string, type?: string) =>
	tasks.filter((task) => task.user === user && (type === undefined || task.type === type)).length;

test("tasks go by age, however few there are", () => {
	const tasks = [ended("root@local", "imgdel", 31 * dayMs), ended("root@local", "imgdel", 29 * dayMs)];
	expect(left(tasks)).toEqual([tasks[1]]);
});

test("what waits or runs stays, however old", () => {
	const running: Task = { ...ended("root@local", "imgdel", 90 * dayMs), state: "running", endedAt: null };
	const waiting: Task = { ...ended("root@local", "imgdel", 90 * dayMs), state: "waiting", endedAt: null };
	expect(left([running, waiting])).toHaveLength(2);
});

test("a flood of one caller pushes out nothing of another, newer though it is", () => {
	const evidence = many(40, "root@local", "imgdel", 5 * dayMs);
	const after = left([...evidence, ...many(5000, "jane@local", "imgactivate")]);
	expect(countOf(after, "root@local")).toBe(40);
	expect(countOf(after, "jane@local")).toBe(60);
});

test("tokens of a user are that user: many of them have no more room", () => {
	const evidence = many(40, "root@local", "imgdel", 5 * dayMs);
	const flood = Array.from({ length: 90 }, (_, n) => many(20, `jane@local!t${n}`, "imgactivate")).flat();
	expect(countOf(left([...evidence, ...flood]), "root@local")).toBe(40);
});

test("a flood of a cheap type pushes out nothing of another type of the same caller", () => {
	const own = many(10, "jane@local", "imgdel", 5 * dayMs);
	const after = left([...own, ...many(5000, "jane@local", "imgactivate")]);
	expect(countOf(after, "jane@local", "imgdel")).toBe(10);
	expect(countOf(after, "jane@local", "imgactivate")).toBe(90);
});

test("of a type the oldest go", () => {
	const tasks = many(150, "jane@local", "imgactivate");
	expect(left(tasks)).toEqual(tasks.slice(0, 100));
});

test("what is not kept goes from the store with its log", async () => {
	for (let pstart = 1; pstart <= 6; pstart++) {
		const about = { node: "n1", user: "root@local", pid: 1, pstart };
		const asked = { ...about, task: tasks.imgDelete, argument: { volume: "v" } };
		const at = now - 40 * dayMs;
		const waiting = await createTask(shared.store, { ...asked, at: at + pstart, takeWithinMs: 1 });
		const log = new TaskLog(shared.store, waiting.task);
		log.add("begun");
		await log.flush();
		if (pstart > 2) await giveUpTask(shared.store, waiting, notTaken, pstart > 4 ? now : at);
	}
	expect(await trimTasks(shared.store, "n1", kept, now)).toBe(2);
	const left = (await readTasks(shared.store, "n1")).tasks;
	expect(left.map(({ task }) => task.startedAt - now + 40 * dayMs)).toEqual([6, 5, 2, 1]);
	expect(Object.keys(await contents(shared.store, "task-log/"))).toHaveLength(4);
});

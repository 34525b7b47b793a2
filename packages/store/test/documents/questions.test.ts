import { doneOutcome, type TaskType, tasks } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { dropForgottenQuestions } from "../../src/documents/forgotten-questions.ts";
import { trimTasks } from "../../src/documents/task-retention.ts";
import { claimTask, createTask, finishTask, readTask, readTasks } from "../../src/documents/tasks.ts";
import { storePerTest } from "./document-store.ts";

const shared = storePerTest();
const at = 1_763_800_000_000;

async function done(task: TaskType, pstart: number, endedAt = at): Promise<string> {
	const asked = { node: "n1", user: "root@local", at, takeWithinMs: 1e9, pid: 1 };
	const stored = await createTask(shared.store, { ...asked, task, argument: { volume: "data:a" }, pstart });
	const claimed = await claimTask(shared.store, stored, "run", at);
	if (claimed === null) throw new Error("it was not there to be claimed");
	await finishTask(shared.store, claimed, doneOutcome, endedAt);
	return stored.task.upid;
}

describe("questions that a server asked and did not take away", () => {
	test("push no work out of what is kept", async () => {
		const kept = await done(tasks.imgDelete, 1);
		for (let number = 2; number < 40; number++) await done(tasks.storageStatus, number, at + number);
		expect(await trimTasks(shared.store, "n1", { days: 30, most: 5 }, at)).toBe(0);
		expect((await readTask(shared.store, kept))?.task.type).toBe("imgdel");
	});

	test("go after a while, and nothing else does", async () => {
		await done(tasks.imgDelete, 1, at - 3_600_000);
		await done(tasks.imgGuard, 2, at - 3_600_000);
		await done(tasks.scanLvm, 3, at - 3_600_000);
		await done(tasks.storageStatus, 4, at - 1000);
		expect(await dropForgottenQuestions(shared.store, "n1", at)).toBe(2);
		const left = (await readTasks(shared.store, "n1")).tasks.map(({ task }) => task.type);
		expect(left.sort()).toEqual(["imgdel", "storagestatus"]);
	});
});

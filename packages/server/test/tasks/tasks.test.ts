import { type ArgumentOf, failureOf, PathkeeperError, type TaskType, tasks } from "@pathkeeper/model";
import {
	cancelPrefix,
	cancelsFrom,
	claimTask,
	createTask,
	finishTask,
	type StoredTask,
	TaskLog,
} from "@pathkeeper/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SimulatedFleet } from "../simulated-fleet.ts";

const inUse = failureOf(
	"refused",
	new PathkeeperError("LUN_IN_USE", { wwid: "3600a", users: "n1: mounted on /srv" }),
);
let fleet: SimulatedFleet;
let failed: StoredTask;
let waiting: StoredTask;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	await fleet.stopAgent("n1");
	failed = await task(1, tasks.lunWithdraw, { wwid: "3600a" }, "jane@local");
	const claimed = await claimTask(fleet.store, failed, "run-1", 1_763_800_001_000);
	if (claimed === null) throw new Error("it was not there to be claimed");
	const log = new TaskLog(fleet.store, failed.task);
	for (let line = 1; line <= 60; line++) log.add(`line ${line}`);
	await log.flush();
	await finishTask(fleet.store, claimed, inUse, 1_763_800_002_900);
	waiting = await task(2, tasks.imgActivate, { volume: "data:c" }, "root@local");
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

function task<T extends TaskType>(
	number: number,
	entry: T,
	argument: ArgumentOf<T>,
	user: string,
): Promise<StoredTask> {
	const at = 1_763_800_000_000 + number * 1000;
	const about = { node: "n1", user, reference: `call ${number}`, at, takeWithinMs: 1e9, pid: 7 };
	return createTask(fleet.store, { ...about, task: entry, argument, pstart: number });
}

const get = (path: string) => fleet.call("GET", path);
const below = "/nodes/n1/tasks";
const upids = async (query: string) => {
	const { data } = await get(`${below}${query}`);
	return Array.isArray(data) ? data.map((each: { readonly upid: string }) => each.upid) : data;
};

describe("tasks of a node", () => {
	test("are listed newest first, with what became of them", async () => {
		const { data } = await get(below);
		expect(data).toEqual([
			{
				upid: waiting.task.upid,
				...{
					node: "n1",
					pid: 7,
					pstart: 2,
					starttime: 1_763_800_002,
					type: "imgactivate",
					id: "data:c",
					user: "root@local",
				},
			},
			{
				upid: failed.task.upid,
				...{ node: "n1", pid: 7, pstart: 1, starttime: 1_763_800_001, type: "lunwithdraw", id: "3600a" },
				...{ user: "jane@local", endtime: 1_763_800_002, status: inUse.text },
			},
		]);
		expect((await get("/nodes/n2/tasks")).data).toEqual([]);
	});

	test("are asked for by what they are", async () => {
		const [one, other] = [failed.task.upid, waiting.task.upid];
		expect(await upids("?source=active")).toEqual([other]);
		expect(await upids("?source=archive")).toEqual([one]);
		expect(await upids("?errors=1")).toEqual([one]);
		expect(await upids("?typefilter=lunwithdraw")).toEqual([one]);
		expect(await upids("?userfilter=root")).toEqual([other]);
		expect(await upids("?reference=call%202")).toEqual([other]);
		expect(await upids("?reference=call")).toEqual([]);
		expect(await upids("?since=1763800002")).toEqual([other]);
		expect(await upids("?until=1763800001")).toEqual([one]);
		expect(await upids("?start=1&limit=1")).toEqual([one]);
	});

	test("have a status in the words that clients wait for", async () => {
		expect((await get(`${below}/${failed.task.upid}/status`)).data).toMatchObject({
			...{ status: "stopped", exitstatus: inUse.text, outcome: inUse, waiting: 0, upid: failed.task.upid },
		});
		const { data } = await get(`${below}/${encodeURIComponent(waiting.task.upid)}/status`);
		expect(data).toMatchObject({ status: "running", waiting: 1 });
		expect(data).not.toHaveProperty("exitstatus");
	});

	test("have a log, page by page or whole", async () => {
		const log = async (query: string) => (await get(`${below}/${failed.task.upid}/log${query}`)).data;
		expect(await log("?start=49&limit=2")).toEqual([
			{ n: 50, t: "line 50" },
			{ n: 51, t: "line 51" },
		]);
		expect(await log("")).toHaveLength(50);
		expect(await log("?limit=0")).toHaveLength(60);
		expect((await get(`${below}/${encodeURIComponent(waiting.task.upid)}/log`)).data).toEqual([]);
	});

	test.each([
		["of a node that nobody knows", "/nodes/n9/tasks", "node 'n9' does not exist"],
		[
			"that never were",
			`${below}/UPID:n1:00000001:00000001:00000001:x::root@local:/status`,
			"does not exist",
		],
		["with a name that is none", `${below}/nonsense/status`, "task 'nonsense' of node 'n1' does not exist"],
		["with a way out of their folder", `${below}/..%2f..%2fconfig%2fmultipath.cfg/log`, "does not exist"],
	])("%s are not there", async (_, path, text) => {
		expect(await get(path)).toMatchObject({ status: 500, message: expect.stringContaining(text) });
	});

	test("are stopped when somebody asks for it, and stay as they are once they have ended", async () => {
		const stopped = await task(3, tasks.imgDelete, { volume: "data:a" }, "root@local");
		const running = await task(4, tasks.imgDelete, { volume: "data:b" }, "root@local");
		await claimTask(fleet.store, running, "run-1", 1_763_800_004_000);
		const stop = (node: string, { task: { upid } }: StoredTask) =>
			fleet.call("DELETE", `/nodes/${node}/tasks/${encodeURIComponent(upid)}`);
		const status = async ({ task: { upid } }: StoredTask) =>
			(await get(`${below}/${encodeURIComponent(upid)}/status`)).data;
		expect((await stop("n2", stopped)).message).toContain("of node 'n2' does not exist");
		expect(await status(stopped)).toMatchObject({ status: "running" });
		for (const each of [stopped, running, failed])
			expect(await stop("n1", each)).toMatchObject({ status: 200, data: null });
		expect(await status(stopped)).toMatchObject({
			status: "stopped",
			exitstatus: expect.stringMatching(/^cancelled by \S+@/),
		});
		expect(await status(failed)).toMatchObject({ exitstatus: inUse.text });
		const { entries } = await fleet.store.list(cancelPrefix("n1"));
		expect([...cancelsFrom("n1", entries).keys()]).toEqual([running.task.upid]);
	});

	test("that only ask are not listed", async () => {
		const question = await task(9, tasks.lunGuard, { wwid: "3600a" }, "root@local");
		expect(await upids("?limit=0")).not.toContain(question.task.upid);
	});

	test("that are damaged are listed as such, and the others beside them", async () => {
		const upid = "UPID:n2:00000001:00000001:6553F100:lunwithdraw:3600b:jane@local:";
		await fleet.store.txn({ writes: [{ op: "put", key: `task/n2/${upid}`, value: Buffer.from("{") }] });
		const { data } = await get("/nodes/n2/tasks?errors=1");
		expect(data).toEqual([
			expect.objectContaining({
				...{ upid, type: "lunwithdraw", id: "3600b", user: "jane@local", starttime: 1_700_000_000 },
				status: expect.stringContaining("cannot be read"),
			}),
		]);
		expect((await get(`/nodes/n2/tasks/${upid}/status`)).status).toBe(500);
	});

	test("of one node are not shown through another", async () => {
		const { status, message } = await get(`/nodes/n2/tasks/${failed.task.upid}/log`);
		expect({ status, message }).toMatchObject({
			status: 500,
			message: expect.stringContaining("of node 'n2'"),
		});
	});
});

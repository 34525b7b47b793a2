import { draft, type LogDraft, tasks } from "@pathkeeper/model";
import { createTask, logId, logWrite, type StoredTask, TaskLog } from "@pathkeeper/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milk, SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { momentText } from "../../src/commands/moments.ts";
import { run } from "../console.ts";

let fleet: SimulatedFleet;
let socket: string;
const began = Date.now() - 60_000;
const when = momentText(began);

beforeAll(async () => {
	fleet = await SimulatedFleet.start();
	socket = await fleet.listen();
	await fleet.call("POST", "/cluster/multipath/wwids", { wwid: milk, alias: "milk-run" });
	await write(1, {
		kind: "lun",
		event: "failed",
		severity: "error",
		text: "milk is lost",
		luns: [milk],
		nodes: ["n1"],
	});
	await write(2, {
		...{ kind: "path", event: "flapping", severity: "warning", text: "a path flaps", until: began + 9000 },
		...{ count: 4, nodes: ["n2"], details: ["n2: sda to \u001b[31mred"] },
	});
	await write(3, {
		kind: "config",
		event: "changed",
		severity: "info",
		text: "an alias",
		by: "jane@local",
		from: "::1",
	});
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

async function write(
	number: number,
	entry: Pick<LogDraft, "kind" | "event" | "severity" | "text"> & Partial<LogDraft>,
): Promise<void> {
	await fleet.store.txn({ writes: [logWrite({ id: logId(began, number), ...draft(began, entry) })] });
}

const log = (...args: string[]) => run(["log", ...args], { socket });

describe("the log", () => {
	test("is told with the newest last, what was folded with its count, and nothing that steers a terminal", async () => {
		const { code, out, err } = await log();
		expect({ code, err }).toEqual({ code: 0, err: "" });
		expect(out).toBe(
			[
				`${when}  error    milk is lost`,
				`${when}  warning  a path flaps (4 times until ${momentText(began + 9000)})`,
				`${" ".repeat(30)}- n2: sda to \\u{1b}[31mred`,
				`${when}  info     an alias (by jane@local from ::1)`,
				"",
			].join("\n"),
		);
	});

	test("is asked for a LUN by alias or WWID, a node, a kind, a time", async () => {
		const texts = async (...args: string[]) =>
			(await log(...args)).out.match(/milk is lost|a path flaps|an alias/g);
		expect(await texts("--lun", "milk-run")).toEqual(["milk is lost"]);
		expect(await texts("--lun", milk)).toEqual(["milk is lost"]);
		expect(await texts("--node", "n2")).toEqual(["a path flaps"]);
		expect(await texts("--kind", "config")).toEqual(["an alias"]);
		expect(await texts("--since", "30s")).toBeNull();
		expect(await texts("--since", "5m", "-n", "2")).toEqual(["a path flaps", "an alias"]);
		expect(await texts("--until", "2h")).toBeNull();
	});

	test("about a LUN that nobody knows says that nobody does", async () => {
		const { out, err } = await log("--lun", "no-such-lun");
		expect(out).toMatch(/^Nothing in the log matches\. /);
		expect(err).toContain("no LUN 'no-such-lun' is known now");
	});

	test("refuses a time that is none", async () => {
		expect(await log("--since", "noonish")).toMatchObject({
			code: 2,
			err: expect.stringContaining("since: 'noonish' is neither how long ago"),
		});
	});

	test("is one JSON document a line for programs", async () => {
		const { out } = await run(["-o", "ndjson", "log", "--kind", "lun"], { socket });
		expect(JSON.parse(out)).toMatchObject({ text: "milk is lost", luns: [milk], severity: "error" });
	});

	test("is followed: what is new and what is written again is told once each", async () => {
		let looks = 0;
		const steps = [
			async () => undefined,
			async () => await write(4, { kind: "node", event: "offline", severity: "error", text: "n1 is away" }),
			async () =>
				await write(2, {
					...{ kind: "path", event: "flapping", severity: "warning", text: "a path flaps" },
					...{ until: began + 12_000, count: 5 },
				}),
			async () => undefined,
		];
		const sleep = async () => {
			const step = steps[looks++];
			if (step === undefined) throw new Error("enough seen");
			await step();
		};
		const { out } = await run(["log", "--follow", "--since", "5m"], { socket, sleep });
		expect(out.match(/milk is lost|a path flaps \(\d+ times|n1 is away/g)).toEqual([
			"milk is lost",
			"a path flaps (4 times",
			"n1 is away",
			"a path flaps (5 times",
		]);
	});
});

describe("tasks", () => {
	let task: StoredTask;
	beforeAll(async () => {
		await fleet.stopAgent("n1");
		const what = { task: tasks.lunWithdraw, user: "jane@local", argument: { wwid: milk } };
		const where = { node: "n1", at: began, takeWithinMs: 1e9, pid: 1, pstart: 1 };
		task = await createTask(fleet.store, { ...what, ...where });
		const lines = new TaskLog(fleet.store, task.task);
		lines.add("looked\nand \u001b]0;saw");
		await lines.flush();
	});

	test("are listed with their outcome", async () => {
		const { code, out } = await run(["task", "list"], { socket });
		expect(code).toBe(0);
		const [, row = ""] = out.split("\n");
		expect(row.split(/ {2,}/)).toEqual([
			when,
			"n1",
			"lunwithdraw",
			milk,
			"jane@local",
			"not ended",
			task.task.upid,
		]);
		expect((await run(["task", "list", "--errors"], { socket })).out).toContain("No task has been given");
		expect((await run(["task", "list", "--node", "n9"], { socket })).code).toBe(1);
	});

	test("show what they wrote, and that they are not ended", async () => {
		expect(await run(["task", "log", task.task.upid], { socket })).toMatchObject({
			code: 1,
			out: "looked\nand \\u{1b}]0;saw\nit is waiting for its node (2 lines of log)\n",
		});
		expect((await run(["task", "log", "nonsense"], { socket })).code).toBe(2);
	});

	test("are stopped when somebody asks for it", async () => {
		expect(await run(["task", "stop", task.task.upid], { socket })).toMatchObject({
			code: 0,
			out: "it was asked to end; 'task log' shows when it has\n",
		});
		expect((await run(["task", "log", task.task.upid], { socket })).out).toContain("ended: cancelled by ");
		expect((await run(["task", "stop", "nonsense"], { socket })).code).toBe(2);
	});
});

import { auditWrite } from "@pathkeeper/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { momentText } from "../../src/commands/moments.ts";
import { run } from "../console.ts";

let fleet: SimulatedFleet;
let socket: string;
const began = Date.now() - 60 * 60_000 - 30_000;

beforeAll(async () => {
	fleet = await SimulatedFleet.start({ agents: false });
	socket = await fleet.listen();
	const nothing = { before: null, after: null };
	const records = [
		{
			by: "jane@local!script",
			from: "192.0.2.7",
			what: "task.create",
			subject: "imgdel san:vm-1 on n1",
			detail: "UPID",
		},
		{ by: "joe@local", from: null, what: "access.user.create", subject: "eve\u001b[31m@local" },
		{
			by: "unknown",
			from: "203.0.113.0/24",
			what: "login.failed",
			subject: "login",
			count: 17,
			until: began + 9000,
		},
	];
	for (const [n, record] of records.entries())
		await fleet.store.txn({
			writes: [auditWrite({ at: began + n * 60_000, ...nothing, ...record }, `r${n}`)],
		});
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

const audit = (...args: string[]) => run(["audit", ...args], { socket });
const heads = async (...args: string[]) =>
	(await audit(...args)).out.match(/task\.create|access\.user\.create|login\.failed/g);

test("is told with the newest last, with who, from where, how often, and nothing that steers a terminal", async () => {
	const { code, out, err } = await audit();
	expect({ code, err }).toEqual({ code: 0, err: "" });
	expect(
		out
			.trimEnd()
			.split("\n")
			.map((line) => line.trim().split(/ {2,}/)),
	).toEqual([
		["WHEN", "WHO", "FROM", "WHAT", "TIMES", "ABOUT", "DETAIL"],
		[
			momentText(began),
			"jane@local!script",
			"192.0.2.7",
			"task.create",
			"1",
			"imgdel san:vm-1 on n1",
			"UPID",
		],
		[
			momentText(began + 60_000),
			"joe@local",
			"local socket",
			"access.user.create",
			"1",
			"eve\\u{1b}[31m@local",
		],
		[momentText(began + 120_000), "unknown", "203.0.113.0/24", "login.failed", "17", "login"],
	]);
});

test("is asked for a user with their tokens, a kind, a time, and a number", async () => {
	expect(await heads("--user", "jane@local")).toEqual(["task.create"]);
	expect(await heads("--user", "jane@local!script")).toEqual(["task.create"]);
	expect(await heads("--kind", "access")).toEqual(["access.user.create"]);
	expect(await heads("--since", "60m")).toEqual(["access.user.create", "login.failed"]);
	expect(await heads("--until", "59m", "--since", "2h")).toEqual(["task.create", "access.user.create"]);
	expect(await heads("-n", "1")).toEqual(["login.failed"]);
	expect((await audit("--kind", "node")).out).toMatch(/^There is no such record\. /);
});

test("refuses a kind and a time that are none", async () => {
	expect(await audit("--kind", "gossip")).toMatchObject({ code: 2, err: expect.stringContaining("config") });
	expect(await audit("--since", "noonish")).toMatchObject({
		code: 2,
		err: expect.stringContaining("since: 'noonish' is neither how long ago"),
	});
});

test("is a list of records for programs, with all of them however many pages it takes", async () => {
	for (let n = 0; n < 1100; n++) {
		const record = { at: began + n, by: "many@local", from: null, what: "config.write", subject: String(n) };
		await fleet.store.txn({ writes: [auditWrite({ ...record, before: null, after: null }, `m${n}`)] });
	}
	const { out } = await run(["-o", "json", "audit", "--user", "many@local", "-n", "2000"], { socket });
	const rows: unknown = JSON.parse(out);
	const subjects = Array.isArray(rows) ? rows.map((row: { subject: string }) => row.subject) : [];
	expect(subjects).toEqual(Array.from({ length: 1100 }, (_, n) => String(n)));
});

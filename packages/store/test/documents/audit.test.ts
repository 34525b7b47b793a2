import { notTaken, tasks } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { removeAcknowledgement, writeAcknowledgement } from "../../src/documents/acknowledgements.ts";
import { type AuditRecord, auditWrite } from "../../src/documents/audit.ts";
import { readAudit } from "../../src/documents/read-audit.ts";
import { requireAudit } from "../../src/documents/require-audit.ts";
import { askToCancel } from "../../src/documents/task-cancel.ts";
import { claimTask, createTask, giveUpTask, type NewTask } from "../../src/documents/tasks.ts";
import { beginWithdrawal } from "../../src/documents/withdrawals.ts";
import type { Store, Txn } from "../../src/store.ts";
import { bytes, codeOf, put } from "../contract/tools.ts";
import { storePerTest } from "./document-store.ts";

const shared = storePerTest();
const at = 1_800_000_000_000;
const dayMs = 24 * 60 * 60 * 1000;
const jane = { by: "jane@local", from: "192.0.2.7", at: at + 1 };
const asked: NewTask<typeof tasks.imgDelete> = {
	node: "n1",
	task: tasks.imgDelete,
	user: "jane@local",
	from: "192.0.2.7",
	argument: { volume: "san:vm-1" },
	at,
	takeWithinMs: 1000,
	pid: 1,
	pstart: 2,
};

async function keep(...records: readonly Partial<AuditRecord>[]): Promise<void> {
	const usual = {
		at,
		by: "jane@local",
		from: null,
		what: "config.write",
		subject: "",
		before: null,
		after: null,
	};
	for (const [n, record] of records.entries())
		await shared.store.txn({ writes: [auditWrite({ ...usual, ...record }, `r${n}`)] });
}

const subjects = async (
	...query: Parameters<typeof readAudit> extends [Store, unknown, ...infer Rest] ? Rest : never
) => (await readAudit(shared.store, realRuntime, ...query)).map(({ subject }) => subject);

describe("a task", () => {
	test("leaves a record with it, with who asked from where", async () => {
		const { task } = await createTask(shared.store, asked);
		expect(await readAudit(shared.store, realRuntime, 9)).toMatchObject([
			{
				at,
				by: "jane@local",
				from: "192.0.2.7",
				what: "task.create",
				subject: "imgdel san:vm-1 on n1",
				detail: task.upid,
			},
		]);
	});

	test("of a type that nobody knows leaves one, too; one that only looks leaves none", async () => {
		await createTask(shared.store, { ...asked, task: { ...tasks.imgDelete, type: "new-work" } });
		expect(await readAudit(shared.store, realRuntime, 9)).toHaveLength(1);
		for (const [n, task] of [tasks.imgFacts, tasks.imgGuard].entries())
			await createTask(shared.store, { ...asked, task, pstart: 10 + n });
		await createTask(shared.store, { ...asked, task: tasks.lunGuard, argument: { wwid: "3600a" } });
		expect(await readAudit(shared.store, realRuntime, 9)).toHaveLength(1);
	});

	test("that is not made leaves none", async () => {
		await createTask(shared.store, asked);
		expect(await codeOf(createTask(shared.store, { ...asked, user: "jane@local", at: at + 1 }))).toBe(
			"ALREADY_EXISTS",
		);
		expect(await readAudit(shared.store, realRuntime, 9)).toHaveLength(1);
	});

	test.each(["waiting", "running"])("that is %s leaves a record when it is stopped", async (state) => {
		const stored = await createTask(shared.store, asked);
		if (state === "running") await claimTask(shared.store, stored, "run", at);
		await askToCancel(shared.store, stored.task.upid, { ...jane, by: "joe@local" });
		const [stop] = await readAudit(shared.store, realRuntime, 9, { user: "joe@local" });
		expect(stop).toMatchObject({ what: "task.stop", from: "192.0.2.7", detail: stored.task.upid });
	});

	test("that has ended is not stopped, and leaves no record of it", async () => {
		const stored = await createTask(shared.store, asked);
		await giveUpTask(shared.store, stored, notTaken, at);
		await askToCancel(shared.store, stored.task.upid, { ...jane, by: "joe@local" });
		expect(await readAudit(shared.store, realRuntime, 9, { user: "joe@local" })).toEqual([]);
	});
});

test("a withdrawal leaves a record, and one that is refused leaves none", async () => {
	const lease = await shared.store.lease(10_000);
	await beginWithdrawal(shared.store, "3600a", jane, lease);
	expect(await codeOf(beginWithdrawal(shared.store, "3600a", { ...jane, at: at + 2 }, lease))).toBe(
		"ALREADY_EXISTS",
	);
	expect(await readAudit(shared.store, realRuntime, 9)).toMatchObject([
		{ what: "lun.withdraw", subject: "3600a" },
	]);
});

describe("who asks for records", () => {
	test("gets those of a time, of a kind, of a user with their tokens", async () => {
		await keep(
			{ at: at - 3 * dayMs, subject: "old" },
			{ at, subject: "now", what: "task.create", by: "jane@local!script" },
			{ at: at + 1, subject: "later", what: "access.acl", by: "joe@local" },
		);
		expect(await subjects(9)).toEqual(["later", "now", "old"]);
		expect(await subjects(9, { until: at + dayMs })).toEqual(["later", "now", "old"]);
		expect(await subjects(9, { since: at, until: at + dayMs })).toEqual(["later", "now"]);
		expect(await subjects(9, { until: at })).toEqual(["now", "old"]);
		expect(await subjects(9, { kind: "access" })).toEqual(["later"]);
		expect(await subjects(9, { user: "jane@local" })).toEqual(["now", "old"]);
		expect(await subjects(9, { user: "jane@local!script" })).toEqual(["now"]);
	});

	test("goes from page to page, and is told each record once, however far they are apart", async () => {
		const times = [0, 0, 1, 5, 9, 40, 300, 301, 2000, 9000].map((days) => at - days * dayMs);
		await keep(...times.map((time, n) => ({ at: time, subject: String(n) })));
		const all = (await subjects(20)).length;
		const seen: string[] = [];
		for (let before: string | undefined; ; ) {
			const page = await readAudit(shared.store, realRuntime, 3, { until: at + dayMs, before });
			expect(page.every(({ id }) => /^\d{15}-[!-~]+$/.test(id))).toBe(true);
			seen.push(...page.map(({ subject }) => subject));
			before = page.at(-1)?.id;
			if (page.length < 3) break;
		}
		expect(seen).toHaveLength(all);
		expect(new Set(seen).size).toBe(times.length);
		expect(seen).toEqual(await subjects(20));
	});

	test("does not have what is older than the page read, and asks few times for all times", async () => {
		await keep(...Array.from({ length: 30 }, (_, n) => ({ at: at - n * 30 * dayMs, subject: String(n) })));
		const listed: { prefix: string; count: number }[] = [];
		const counting: Store = {
			...requireAudit(shared.store),
			list: async (prefix) => {
				const listing = await shared.store.list(prefix);
				listed.push({ prefix, count: listing.entries.length });
				return listing;
			},
		};
		expect(await readAudit(counting, realRuntime, 1, { until: at })).toHaveLength(1);
		expect(listed.reduce((sum, { count }) => sum + count, 0)).toBe(1);
		listed.length = 0;
		expect(await readAudit(counting, realRuntime, 100, { until: at })).toHaveLength(30);
		expect(listed.length).toBeLessThan(40);
	});

	test("gets all of many records, listed a thousand at a time, while others are answered", async () => {
		const count = 6000;
		for (let n = 0; n < count; n += 100) {
			const some = Array.from({ length: 100 }, (_, k) => n + k);
			const writes = some.map((m) =>
				auditWrite(
					{ ...jane, at: at - m * 7001, what: "config.write", subject: String(m), before: null, after: null },
					"x",
				),
			);
			await shared.store.txn({ writes });
		}
		const listed: number[] = [];
		const counting: Store = {
			...requireAudit(shared.store),
			list: async (prefix, most) => {
				const listing = await shared.store.list(prefix, most);
				listed.push(listing.entries.length);
				return listing;
			},
		};
		let turns = 0;
		let isOver = false;
		const turn = () => {
			turns++;
			if (!isOver) setImmediate(turn);
		};
		setImmediate(turn);
		const all = await readAudit(counting, realRuntime, count, { until: at, user: "jane@local" });
		isOver = true;
		expect(all.map(({ subject }) => Number(subject))).toEqual(Array.from({ length: count }, (_, n) => n));
		expect(Math.max(...listed)).toBeLessThanOrEqual(1001);
		expect(turns).toBeGreaterThan(5);
		listed.length = 0;
		expect(await readAudit(counting, realRuntime, 10_000)).toEqual(all);
		expect(Math.max(...listed)).toBeLessThanOrEqual(1001);
		const middle = await readAudit(counting, realRuntime, 10_000, {
			since: at - 3000 * 7001,
			until: at - 2000 * 7001,
		});
		expect(middle.map(({ subject }) => Number(subject))).toEqual(
			Array.from({ length: 1001 }, (_, n) => 2000 + n),
		);
	});

	test("gets those of one millisecond, however many", async () => {
		for (let n = 0; n < 1200; n += 100)
			await shared.store.txn({
				writes: Array.from({ length: 100 }, (_, k) =>
					auditWrite(
						{ ...jane, what: "config.write", subject: "", before: null, after: null },
						String(n + k),
					),
				),
			});
		expect(await readAudit(shared.store, realRuntime, 5000)).toHaveLength(1200);
	});

	test("is shown one that cannot be read as such", async () => {
		await shared.store.txn({ writes: [put(`audit/${String(at).padStart(15, "0")}-x`, "{")] });
		expect(await readAudit(shared.store, realRuntime, 9)).toMatchObject([{ at, what: "unreadable" }]);
	});
});

describe("a store that requires records", () => {
	const record = { ...jane, what: "config.write", subject: "", before: null, after: null };
	const refused: readonly Txn[] = [
		{ writes: [put("config/multipath.cfg", "")] },
		{ writes: [put("access/user/jane@local", "")] },
		{ writes: [{ op: "delete", key: "access/acl" }] },
		{ writes: [put("task-cancel/n1/UPID:n1:nonsense", "")] },
		{ writes: [put("withdrawal/3600a", "")] },
		{ writes: [{ op: "delete", key: "node/n1" }] },
		{ writes: [{ op: "delete", key: "audit/1" }] },
		{ writes: [put("something/new", "")] },
		{ writes: [put("lock/x", ""), put("config/storage.cfg", "")] },
		{ writes: [put("task/n1/UPID:n1:00000001:00000002:6553F100:imgdel:x:jane@local:", "")] },
		{ writes: [put("task/n1/UPID:n1:nonsense", "")] },
	];

	test.each(refused)("takes no change without one: %j", async (txn) => {
		const store = requireAudit(shared.store);
		expect(await codeOf(store.txn(txn))).toBe("BUG");
		expect((await shared.store.list("")).entries).toEqual([]);
		const kept = auditWrite(record, "1");
		const withRecord = { writes: [...txn.writes, kept] };
		expect(await codeOf(store.txn(withRecord))).toBe("BUG");
		await store.txn({ ...withRecord, compare: [{ key: kept.key, revision: null }] });
		expect(await readAudit(shared.store, realRuntime, 9)).toHaveLength(1);
	});

	test("takes a question without one, and what becomes of a task", async () => {
		const store = requireAudit(shared.store);
		const question = await createTask(store, { ...asked, task: tasks.imgFacts });
		await giveUpTask(store, question, notTaken, at);
		const running = await createTask(store, { ...asked, task: tasks.imgFacts, pstart: 9 });
		await claimTask(store, running, "run", at);
		await askToCancel(store, running.task.upid, jane);
		const task = await createTask(shared.store, asked);
		await giveUpTask(store, task, notTaken, at);
		await store.txn({ writes: [{ op: "put", key: "lock/x", value: bytes("") }] });
		expect(await readAudit(shared.store, realRuntime, 9)).toHaveLength(1);
	});
});

describe("of changes in the same millisecond", () => {
	const finding = { node: "n1", code: "old-kernel", subject: null, text: "x" };

	test("every record is kept: of what was done, undone and done again", async () => {
		for (const reason of ["a", "b"]) {
			const id = await writeAcknowledgement(shared.store, { ...finding, reason }, jane);
			await removeAcknowledgement(shared.store, id, jane);
		}
		const kept = await readAudit(shared.store, realRuntime, 9);
		expect(kept.map(({ what, detail }) => `${what} ${detail}`).toSorted()).toEqual([
			"finding.acknowledge a",
			"finding.acknowledge b",
			"finding.reopen a",
			"finding.reopen b",
		]);
	});

	test("a refused one leaves no record, and takes none away", async () => {
		const lease = await shared.store.lease(60_000);
		await beginWithdrawal(shared.store, "3600a", jane, lease);
		expect(await codeOf(beginWithdrawal(shared.store, "3600a", jane, lease))).toBe("ALREADY_EXISTS");
		expect(await readAudit(shared.store, realRuntime, 9)).toHaveLength(1);
	});
});

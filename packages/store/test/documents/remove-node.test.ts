import { tasks } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { readAcknowledgements, writeAcknowledgement } from "../../src/documents/acknowledgements.ts";
import { joinFleet, noteSilence, readNodes } from "../../src/documents/nodes.ts";
import { readAudit } from "../../src/documents/read-audit.ts";
import { readRemovable, removeNode } from "../../src/documents/remove-node.ts";
import { ReportWriter } from "../../src/documents/reports.ts";
import { requireAudit } from "../../src/documents/require-audit.ts";
import { claimTask, createTask, readTasks } from "../../src/documents/tasks.ts";
import { codeOf } from "../contract/tools.ts";
import { storePerTest } from "./document-store.ts";
import { sampleReport } from "./sample-report.ts";

const shared = storePerTest();
const author = { by: "root@local", from: "10.0.0.3", at: 1_000 };

async function joined(node: string, luns = 2) {
	const member = { node, run: `${node} ran`, agentVersion: "1", intervalMs: 5000, joinedAt: 1 };
	const membership = await joinFleet(shared.store, member);
	await new ReportWriter(shared.store, node, realRuntime, 500).write(sampleReport(node, luns), membership);
	return membership;
}

async function removable(node: string) {
	const found = await readRemovable(shared.store, node, async (stored) => stored.read());
	if (found === null) throw new Error(`${node} is not known`);
	return found;
}

const keysBelow = async (prefix: string) => (await shared.store.list(prefix)).entries.map(({ key }) => key);

describe("a node that is removed", () => {
	test("goes with its report, parts and all, in the transaction that says who did it", async () => {
		const { lease } = await joined("n1", 300);
		await joined("n2");
		expect((await keysBelow("report-part/n1/")).length).toBeGreaterThan(2);
		await lease.revoke();
		const before = await removable("n1");
		expect(before).toMatchObject({ node: { node: "n1", member: null }, report: { node: "n1" } });
		await removeNode(shared.store, before, author);
		expect((await readNodes(shared.store)).map(({ node }) => node)).toEqual(["n2"]);
		expect(await keysBelow("report/")).toEqual(["report/n2"]);
		expect(await keysBelow("report-part/n1/")).toEqual([]);
		expect(await readAudit(shared.store, realRuntime, 10)).toMatchObject([
			{ ...author, what: "node.remove", subject: "n1", before: null, after: null },
		]);
		expect(await readRemovable(shared.store, "n1", async (stored) => stored.read())).toBeNull();
	});

	test("goes with its acknowledgements, however many, and leaves those of others", async () => {
		const { lease } = await joined("n1");
		await lease.revoke();
		const finding = { code: "multipath-tools-known-holes", subject: null, reason: "patched" };
		for (let n = 0; n < 200; n++)
			await writeAcknowledgement(shared.store, { ...finding, node: "n1", text: String(n) }, author);
		for (const node of [null, "n2"])
			await writeAcknowledgement(shared.store, { ...finding, node, text: "x" }, author);
		await removeNode(requireAudit(shared.store), await removable("n1"), author);
		const left = (await readAcknowledgements(shared.store)).map(({ node }) => node);
		expect(new Set(left)).toEqual(new Set([null, "n2"]));
		expect(left).toHaveLength(2);
	});

	test("stays while its agent runs, also one that came back meanwhile, and nothing is done", async () => {
		const { lease } = await joined("n1");
		expect(await codeOf(removeNode(shared.store, await removable("n1"), author))).toBe("NODE_ALIVE");
		await lease.revoke();
		const before = await removable("n1");
		const again = await joined("n1");
		expect(await codeOf(removeNode(shared.store, before, author))).toBe("NODE_ALIVE");
		await again.lease.revoke();
		// What was seen is not what stands there now.
		expect(await codeOf(removeNode(shared.store, before, author))).toBe("DIGEST_CONFLICT");
		expect(await keysBelow("report/")).toEqual(["report/n1"]);
		expect(await readAudit(shared.store, realRuntime, 10)).toEqual([]);
		await noteSilence(shared.store, "n1", 5);
		await removeNode(shared.store, await removable("n1"), author);
		expect(await readNodes(shared.store)).toEqual([]);
	});

	test("leaves no task that somebody would wait for", async () => {
		const { lease } = await joined("n1");
		const task = { node: "n1", task: tasks.lunGuard, user: "root@local", argument: { wwid: "3600a" } };
		const asked = { ...task, at: 10, takeWithinMs: 60_000, pid: 1 };
		await createTask(shared.store, { ...asked, pstart: 1 });
		await claimTask(shared.store, await createTask(shared.store, { ...asked, pstart: 2 }), "n1 ran", 20);
		await lease.revoke();
		await removeNode(shared.store, await removable("n1"), author);
		const ended = (await readTasks(shared.store, "n1")).tasks;
		expect(ended.map(({ task: { state, exitStatus } }) => `${state} ${exitStatus}`).sort()).toEqual([
			"stopped not run: the node was removed from the fleet",
			"stopped unknown (node removed while it ran)",
		]);
	});

	test("joins as new when its agent comes back", async () => {
		const { lease } = await joined("n1");
		await lease.revoke();
		await removeNode(shared.store, await removable("n1"), author);
		await joined("n1");
		expect(await readNodes(shared.store)).toMatchObject([{ node: "n1", member: { run: "n1 ran" } }]);
	});

	test("whose report cannot be read can be removed, and says that it cannot", async () => {
		const { lease } = await joined("n1");
		await lease.revoke();
		await shared.store.txn({ writes: [{ op: "put", key: "report/n1", value: Uint8Array.of(1) }] });
		const before = await removable("n1");
		expect(before).toMatchObject({ report: null, reportProblem: expect.stringContaining("report/n1") });
		await removeNode(shared.store, before, author);
		expect(await keysBelow("report/")).toEqual([]);
	});
});

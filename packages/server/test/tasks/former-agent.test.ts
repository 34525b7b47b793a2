/** A server over agents of version 0.1.0, which know no table: their exit status is all that they say of an end. */
import { zstdCompressSync } from "node:zlib";
import {
	claimTask,
	joinFleet,
	type StoredTask,
	type Task,
	taskPrefix,
	tasksFrom,
	watchPrefix,
} from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { milk, SimulatedFleet, tea } from "../simulated-fleet.ts";

/** How a former agent ends a task: with an exit status, and with a result where it has one. */
type FormerEnd = (task: Task) => { readonly exitStatus: string; readonly result?: string };

/** Runs an agent of that version on n9 while `work` is done. */
async function withFormerAgent<T>(fleet: SimulatedFleet, end: FormerEnd, work: () => Promise<T>): Promise<T> {
	const { store } = fleet;
	const member = { node: "n9", run: "r", agentVersion: "0.1.0", intervalMs: 60_000, joinedAt: 1 };
	const { lease } = await joinFleet(store, member);
	const stop = new AbortController();
	const serving = serve(fleet, end, stop.signal);
	try {
		return await work();
	} finally {
		stop.abort();
		await serving;
		await lease.revoke();
	}
}

async function serve({ store }: SimulatedFleet, end: FormerEnd, signal: AbortSignal): Promise<void> {
	for await (const { entries } of watchPrefix(store, taskPrefix("n9"), { signal, runtime: realRuntime }))
		for (const stored of tasksFrom(entries).tasks) {
			const claimed = await claimTask(store, stored, "r", Date.now());
			if (claimed !== null) await finishAsFormer(store, claimed, end(claimed.task));
		}
}

/** What `finishTask` of 0.1.0 wrote: the document as it was read, without an outcome. */
async function finishAsFormer(
	store: SimulatedFleet["store"],
	{ task, revision }: StoredTask,
	{ exitStatus, result }: ReturnType<FormerEnd>,
): Promise<void> {
	const encode = (document: object) => new TextEncoder().encode(JSON.stringify(document));
	if (result !== undefined) {
		const value = zstdCompressSync(new TextEncoder().encode(`{"result":${result}}`));
		await store.txn({ writes: [{ op: "put", key: `task-result/n9/${task.upid}`, value }] });
	}
	const { outcome, reference, ...rest } = task;
	const key = `${taskPrefix("n9")}${task.upid}`;
	const value = encode({ ...rest, state: "stopped", exitStatus, endedAt: Date.now() });
	await store.txn({ compare: [{ key, revision }], writes: [{ op: "put", key, value }] });
}

const lun = `/cluster/multipath/wwids/${milk}`;

async function fleetWithMilk(): Promise<SimulatedFleet> {
	const fleet = await SimulatedFleet.start({ nodes: ["n1"], serverSpeed: 20 });
	await fleet.allow(milk);
	return fleet;
}

describe("a LUN that is to be forgotten", () => {
	test("stays while a node of that version says that it is in use", async () => {
		await using fleet = await fleetWithMilk();
		const inUse = () => ({ exitStatus: `LUN ${milk} is in use and stays: n9: mounted on /srv` });
		for (const force of ["", "?force=1"]) {
			const { status, message } = await withFormerAgent(fleet, inUse, () =>
				fleet.call("DELETE", lun + force),
			);
			expect(status).toBe(500);
			expect(message).toContain(`LUN ${milk} was not forgotten: n9: LUN ${milk} is in use and stays`);
		}
		expect(fleet.host("n1").kernel.map(milk)).toBeDefined();
	});

	test("goes where that node says that it is not", async () => {
		await using fleet = await fleetWithMilk();
		const { status, data } = await withFormerAgent(
			fleet,
			() => ({ exitStatus: "OK" }),
			() => fleet.call("DELETE", lun),
		);
		// The stub reports nothing, so what it did is not verified.
		expect([status, data]).toMatchObject([200, { verified: 0 }]);
		expect(fleet.host("n1").kernel.map(milk)).toBeUndefined();
	});
});

describe("a storage on a LUN that is in use on a node of that version", () => {
	test("is not made, with or without force", async () => {
		await using fleet = await fleetWithMilk();
		await fleet.allow(tea);
		await fleet.call("POST", "/storage", { storage: "san", type: "multipath" });
		const inUse = () => ({ exitStatus: `LUN ${tea} is in use and stays: n9: LV a/b active` });
		const data = { storage: "data", type: "lvm", vgname: "vg0", base: `san:${tea}`, nodes: "n1" };
		for (const force of [0, 1]) {
			const { message } = await withFormerAgent(fleet, inUse, () =>
				fleet.call("POST", "/storage", { ...data, force }),
			);
			expect(message).toContain("n9: it cannot say whether it uses it (LUN");
		}
	});
});

describe("what a node of that version refuses", () => {
	const alloc = { vmid: 100, filename: "", size: "8M" };

	test("is refused in its words, under a code that says no more than that", async () => {
		await using fleet = await fleetWithMilk();
		await fleet.call("POST", "/storage", { storage: "san", type: "multipath" });
		const answer = await withFormerAgent(
			fleet,
			() => ({ exitStatus: "can't allocate space in multipath storage" }),
			() => fleet.call("POST", "/nodes/n9/storage/san/content", alloc),
		);
		expect(answer).toMatchObject({ status: 500, reason: "can't allocate space in multipath storage" });
		expect(JSON.parse(answer.body)).toMatchObject({ code: "NODE_REFUSED" });
	});

	test("and what it answers in another form, is neither taken for an answer nor lost", async () => {
		await using fleet = await fleetWithMilk();
		await fleet.call("POST", "/storage", { storage: "san", type: "multipath" });
		for (const result of [undefined, `{"name":"a"}`]) {
			const end = () => ({ exitStatus: "OK", ...(result === undefined ? {} : { result }) });
			const answer = await withFormerAgent(fleet, end, () =>
				fleet.call("POST", "/nodes/n9/storage/san/content", alloc),
			);
			expect(answer.reason).toMatch(
				/^the answer of node 'n9' cannot be read \(its agent answered imgalloc in/,
			);
		}
		const made = await withFormerAgent(
			fleet,
			() => ({ exitStatus: "OK", result: `{"volume":"san:a"}` }),
			() => fleet.call("POST", "/nodes/n9/storage/san/content", alloc),
		);
		expect(made).toMatchObject({ status: 200, data: "san:a" });
	});
});

test("a task that an agent of that version ended as lost is said to be lost", async () => {
	await using fleet = await fleetWithMilk();
	await fleet.call("POST", "/storage", { storage: "san", type: "multipath" });
	const lost = await withFormerAgent(
		fleet,
		() => ({ exitStatus: "unknown (node restarted while it ran)" }),
		() => fleet.call("POST", "/nodes/n9/storage/san/content/x/activate"),
	);
	expect(JSON.parse(lost.body)).toMatchObject({
		message: "unknown (node restarted while it ran)\n",
		code: "TASK_LOST",
	});
});

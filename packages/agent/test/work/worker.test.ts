import { lostInRestart, PathkeeperError, tasks } from "@pathkeeper/model";
import {
	beginWithdrawal,
	claimTask,
	createTask,
	joinFleet,
	readTask,
	readTaskLog,
	type Store,
	type StoredTask,
	type Task,
} from "@pathkeeper/store";
import { describe, expect, it } from "vitest";
import { interceptedHost } from "../intercepted-host.ts";
import { milk, type OneNode, oil, oneNode, tea, until } from "../one-node.ts";
import { rawTask } from "../raw-task.ts";
import { storeWith } from "../store-with.ts";

let number = 0;

function ask(
	node: OneNode,
	task: typeof tasks.lunGuard | typeof tasks.lunWithdraw,
	argument = { wwid: milk },
): Promise<StoredTask> {
	const at = Date.now();
	const about = { user: "root@pam", at, takeWithinMs: 10_000, pid: 1, pstart: ++number };
	return createTask(node.store, { node: "n1", task, argument, ...about });
}

async function ended(node: OneNode, asked: StoredTask): Promise<Task> {
	return await endedTask(node, asked.task.upid);
}

async function endedTask(node: OneNode, upid: string): Promise<Task> {
	let now: Task | undefined;
	await until(
		async () => {
			now = (await readTask(node.store, upid))?.task;
			return now?.state === "stopped";
		},
		() => `the task is ${now?.state}`,
	);
	if (now === undefined) throw new Error("there is no task");
	return now;
}

async function nodeWithLuns() {
	const node = await oneNode();
	await node.config(`wwid: ${milk}\n\talias milk-run\n\nwwid: ${oil}\n`);
	return node;
}

describe("a task", () => {
	it("is run once, and its outcome and log stand in the store", async () => {
		const node = await nodeWithLuns();
		let removals = 0;
		const counted = interceptedHost(node.host, ({ method }, run) => {
			if (method === "removeMap") removals++;
			return run();
		});
		node.startAgent({ host: counted });
		await node.applied();
		const lease = await node.store.lease(600_000);
		await beginWithdrawal(node.store, milk, { by: "root@pam", from: null, at: 1 }, lease);
		const task = await ask(node, tasks.lunWithdraw);
		expect((await ended(node, task)).exitStatus).toBe("OK");
		expect(await readTaskLog(node.store, task.task)).toEqual([
			"n1: map milk-run (dm-0) removed",
			`n1: ${milk} taken out of the allow-list`,
		]);
		expect(removals).toBe(1);
		// While the withdrawal stands, the apply loop keeps its hands off the LUN that the config still names.
		await node.rounds("apply", 3);
		expect(node.listedWwids()).toEqual([oil]);
		await lease.revoke();
		await until(
			() => node.host.kernel.map(milk)?.name === "milk-run",
			() => "it did not come back",
		);
	});

	it("that was left before the agent started is run", async () => {
		const node = await nodeWithLuns();
		const task = await ask(node, tasks.lunGuard);
		node.startAgent();
		expect((await ended(node, task)).exitStatus).toBe("OK");
	});

	it("is refused with code, values and words that name node and user", async () => {
		const node = await nodeWithLuns();
		node.startAgent();
		await node.applied();
		node.host.kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
		const text = `LUN ${milk} is in use and was not changed: n1: mounted on /srv`;
		const values = { wwid: milk, users: "n1: mounted on /srv" };
		for (const task of [tasks.lunGuard, tasks.lunWithdraw])
			expect(await ended(node, await ask(node, task))).toMatchObject({
				outcome: { kind: "refused", code: "LUN_IN_USE", values, text },
				exitStatus: text,
			});
	});

	it("has failed when something was begun before it was refused", async () => {
		const node = await nodeWithLuns();
		const late = interceptedHost(node.host, ({ method }, run) => {
			if (method === "removeMap")
				node.host.kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
			return run();
		});
		node.startAgent({ host: late });
		await node.applied();
		await beginWithdrawal(
			node.store,
			milk,
			{ by: "root@pam", from: null, at: 1 },
			await node.store.lease(600_000),
		);
		expect((await ended(node, await ask(node, tasks.lunWithdraw))).outcome).toMatchObject({
			kind: "failed",
			code: "LUN_IN_USE",
			values: { wwid: milk },
		});
	});

	it("of a type that this agent does not know is refused, and says why", async () => {
		const node = await nodeWithLuns();
		node.startAgent();
		expect(await endedTask(node, await rawTask(node.store, "lun-polish", { wwid: milk }))).toMatchObject({
			outcome: { kind: "refused", code: "TASK_TYPE_UNKNOWN", values: { node: "n1", type: "lun-polish" } },
			exitStatus:
				"the agent of node 'n1' does not know the task 'lun-polish', so nothing was done; is it older than the server?",
		});
	});

	it.each([null, {}, { wwid: 7 }, { wwid: milk, gently: true }])(
		"with the argument %j is not guessed",
		async (argument) => {
			const node = await nodeWithLuns();
			node.startAgent();
			await node.applied();
			const task = await endedTask(node, await rawTask(node.store, "lunwithdraw", argument));
			expect(task.outcome).toMatchObject({ kind: "refused", code: "TASK_ARGUMENT_INVALID" });
			expect(node.host.kernel.map(milk)).toBeDefined();
		},
	);

	it("that a server of version 0.1.0 left is done, and its exit status says how it ended", async () => {
		const node = await nodeWithLuns();
		node.startAgent();
		await node.applied();
		const guard = async () =>
			(await endedTask(node, await rawTask(node.store, "lunguard", { wwid: milk }))).exitStatus;
		expect(await guard()).toBe("OK");
		// That version reads the exit status alone: a LUN in use must not end as OK.
		node.host.kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
		expect(await guard()).toBe(`LUN ${milk} is in use and was not changed: n1: mounted on /srv`);
	});

	it("that another run of the agent had begun is lost, and not run again", async () => {
		const node = await nodeWithLuns();
		const task = await ask(node, tasks.lunWithdraw);
		await claimTask(node.store, task, "the run before", Date.now());
		node.startAgent();
		await node.applied();
		expect((await ended(node, task)).outcome).toEqual(lostInRestart);
		expect(node.host.kernel.map(milk)).toBeDefined();
	});

	it("that waited too long is not begun", async () => {
		const node = await nodeWithLuns();
		const about = {
			user: "root@pam",
			at: Date.now() - 60_000,
			takeWithinMs: 10_000,
			pid: 1,
			pstart: ++number,
		};
		const task = await createTask(node.store, {
			node: "n1",
			task: tasks.lunWithdraw,
			argument: { wwid: milk },
			...about,
		});
		node.startAgent();
		await node.applied();
		expect((await ended(node, task)).exitStatus).toMatch(/^not run/);
		expect(node.host.kernel.map(milk)).toBeDefined();
	});

	it("is taken by nobody while another host speaks for the node", async () => {
		const node = await nodeWithLuns();
		const member = { node: "n1", run: "another host", agentVersion: "0.1.0", intervalMs: 3_000, joinedAt: 1 };
		const other = await joinFleet(node.store, member);
		const running = await ask(node, tasks.lunGuard);
		const claimed = await claimTask(node.store, running, "another host", Date.now());
		const task = await ask(node, tasks.lunGuard);
		node.startAgent();
		await until(
			() => node.log.lines.some(({ level }) => level === "error"),
			() => "no complaint",
		);
		await node.rounds("observe", 3);
		expect((await readTask(node.store, task.task.upid))?.task.state).toBe("waiting");
		// And what that one does is not called lost.
		expect((await readTask(node.store, running.task.upid))?.task).toEqual(claimed?.task);
		await other.lease.revoke();
		expect((await ended(node, task)).exitStatus).toBe("OK");
	});
});

it("a task whose document is damaged while it is claimed is read once and not run, and the next one is", async () => {
	const node = await nodeWithLuns();
	let damaged: string | null = null;
	let reads = 0;
	const store = storeWith(node.store, {
		get: (key) => {
			if (key === damaged) reads++;
			return node.store.get(key);
		},
		txn: async (txn) => {
			const task = txn.writes.find(({ key }) => key.startsWith("task/"));
			if (damaged === null && task !== undefined) {
				damaged = task.key;
				await node.store.txn({
					compare: [],
					writes: [{ op: "put", key: task.key, value: new TextEncoder().encode("{cut") }],
				});
			}
			return await node.store.txn(txn);
		},
	});
	const guarded: unknown[] = [];
	const host = interceptedHost(node.host, (call, run) => {
		guarded.push(...call.args.filter((arg) => arg === tea));
		return run();
	});
	node.startAgent({ store, host });
	await node.applied();
	const first = await ask(node, tasks.lunWithdraw, { wwid: tea });
	await until(
		() => reads > 0,
		() => "nobody read it",
	);
	const next = await ask(node, tasks.lunGuard);
	expect((await ended(node, next)).exitStatus).toBe("OK");
	expect({ reads, guarded }).toEqual({ reads: 1, guarded: [] });
	await expect(readTask(node.store, first.task.upid)).rejects.toMatchObject({ code: "DOCUMENT_UNREADABLE" });
	const told = node.log.lines.filter(
		({ message }) => message === "work: a task is not run, because it cannot be read",
	);
	expect(told).toHaveLength(1);
});

describe("a store that answers late", () => {
	/** Its next transaction on a task is done, but nobody is told. */
	function forgetful(store: Store) {
		let forget = 0;
		const wrapped = storeWith(store, {
			txn: async (txn) => {
				const result = await store.txn(txn);
				const aboutTask = txn.writes.some(({ key }) => key.startsWith("task/"));
				if (!aboutTask || forget === 0) return result;
				forget--;
				throw new PathkeeperError("STORE_UNAVAILABLE", { problem: "no answer" });
			},
		});
		return { wrapped, forgetNext: (times: number) => (forget = times) };
	}

	it("does not keep a task from being run that was claimed without an answer", async () => {
		const node = await nodeWithLuns();
		const { wrapped, forgetNext } = forgetful(node.store);
		node.startAgent({ store: wrapped });
		await node.applied();
		forgetNext(1);
		const task = await ask(node, tasks.lunGuard);
		expect((await ended(node, task)).exitStatus).toBe("OK");
	});

	it("does not change the outcome of a task that was written without an answer", async () => {
		const node = await nodeWithLuns();
		const { wrapped, forgetNext } = forgetful(node.store);
		let removals = 0;
		const counted = interceptedHost(node.host, ({ method }, run) => {
			if (method === "removeMap") {
				removals++;
				forgetNext(1);
			}
			return run();
		});
		node.startAgent({ store: wrapped, host: counted });
		await node.applied();
		await beginWithdrawal(
			node.store,
			milk,
			{ by: "root@pam", from: null, at: 1 },
			await node.store.lease(600_000),
		);
		const task = await ask(node, tasks.lunWithdraw);
		expect((await ended(node, task)).exitStatus).toBe("OK");
		expect(removals).toBe(1);
		const next = await ask(node, tasks.lunGuard, { wwid: oil });
		expect((await ended(node, next)).exitStatus).toBe("OK");
	});
});

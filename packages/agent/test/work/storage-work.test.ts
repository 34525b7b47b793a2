import { type ArgumentOf, addStorage, builtInTypes, type TaskType, tasks } from "@pathkeeper/model";
import {
	askToCancel,
	createTask,
	HeldLock,
	readTask,
	readTaskLog,
	readTaskResult,
	type StoredTask,
	storageLockName,
	type Task,
} from "@pathkeeper/store";
import { describe, expect, it } from "vitest";
import { interceptedHost } from "../intercepted-host.ts";
import { milk, type OneNode, oneNode, tea, until } from "../one-node.ts";
import { storeWith } from "../store-with.ts";

let number = 0;
const MiB = 1024 ** 2;

function ask<T extends TaskType>(node: OneNode, task: T, argument: ArgumentOf<T>): Promise<StoredTask> {
	const about = { user: "root@pam", at: Date.now(), takeWithinMs: 10_000, pid: 2, pstart: ++number };
	return createTask(node.store, { node: "n1", task, argument, ...about });
}

async function ended(node: OneNode, { task }: StoredTask): Promise<Task> {
	let now: Task = task;
	await until(
		async () => {
			now = (await readTask(node.store, task.upid))?.task ?? now;
			return now.state === "stopped";
		},
		() => `the task is ${now.state}`,
	);
	return now;
}

async function outcome<T extends TaskType>(node: OneNode, type: T, argument: ArgumentOf<T>) {
	const task = await ask(node, type, argument);
	const { exitStatus, outcome: end } = await ended(node, task);
	const result = end?.kind === "done" ? await readTaskResult(node.store, type, task.task) : null;
	return { exitStatus, outcome: end, result, task };
}

const config = (more: Readonly<Record<string, string>> = {}) => {
	const san = addStorage("", builtInTypes, "san", "multipath", {});
	return addStorage(san, builtInTypes, "data", "lvm", {
		vgname: "vg0",
		base: `san:${tea}`,
		shared: "1",
		...more,
	});
};

/** A node with an empty LUN, and a storage on it that is in the configuration. */
async function nodeWithStorage(more: Readonly<Record<string, string>> = {}) {
	const node = await oneNode();
	await node.config(`wwid: ${milk}\n\nwwid: ${tea}\n`);
	const agent = node.startAgent();
	await node.applied();
	const text = config(more);
	expect(await outcome(node, tasks.storagePrepare, { config: text, storage: "data" })).toMatchObject({
		exitStatus: "OK",
	});
	await node.put("storage.cfg", text);
	return { node, agent };
}

const alloc = { storage: "data", guest: 100, name: null, format: "raw", sizeBytes: 8 * MiB };

describe("work with storages", () => {
	it("is a task with log, result and outcome", async () => {
		const { node } = await nodeWithStorage();
		const made = await outcome(node, tasks.imgAlloc, alloc);
		expect(made).toMatchObject({ exitStatus: "OK", result: { volume: "data:vm-100-disk-0" } });
		expect(await readTaskLog(node.store, made.task.task)).toEqual(["volume 'data:vm-100-disk-0' created"]);
		expect((await outcome(node, tasks.storageContent, { storage: "data" })).result).toMatchObject([
			{ volname: "vm-100-disk-0", sizeBytes: 8 * MiB, guest: 100 },
		]);
		expect((await outcome(node, tasks.storageStatus, {})).result).toMatchObject([
			{ storage: { id: "san" }, active: true },
			{ storage: { id: "data" }, active: true, usedBytes: 8 * MiB },
		]);
		expect((await outcome(node, tasks.scanLvm, {})).result).toMatchObject([
			{ name: "vg-demo-milk" },
			{ name: "vg0", volumes: 1 },
		]);
		expect((await outcome(node, tasks.imgDelete, { volume: "data:vm-100-disk-0" })).exitStatus).toBe("OK");
		expect((await outcome(node, tasks.storageContent, { storage: "data" })).result).toEqual([]);
	});

	it("that changes something waits for nobody who only looks, and goes first", async () => {
		const { node, agent } = await nodeWithStorage();
		await agent.stop();
		const looks = await Promise.all(
			Array.from({ length: 60 }, (_, at) => ask(node, tasks.scanIscsi, { portal: `192.0.2.${at + 1}:3260` })),
		);
		const change = await ask(node, tasks.imgAlloc, alloc);
		const { promise: answered, resolve: answer } = Promise.withResolvers<readonly []>();
		const begun: string[] = [];
		node.startAgent({
			host: interceptedHost(node.host, ({ port, method }, run) => {
				if (port !== "iscsi" || method !== "discover") {
					if (port === "lvm" && method === "createVolume") begun.push("change");
					return run();
				}
				begun.push("look");
				return answered;
			}),
		});
		// None of those who look is answered before the change is done.
		expect(await ended(node, change)).toMatchObject({ exitStatus: "OK" });
		await until(
			() => begun.filter((what) => what === "look").length === 8,
			() => `${begun.length} have begun`,
		);
		answer([]);
		for (const look of looks) expect(await ended(node, look)).toMatchObject({ exitStatus: "OK" });
		expect(begun).toHaveLength(61);
	});

	it("that is refused says so in the plugin's words, and changes nothing", async () => {
		const { node } = await nodeWithStorage();
		expect(await outcome(node, tasks.imgAlloc, { ...alloc, storage: "san" })).toMatchObject({
			exitStatus: "can't allocate space in multipath storage",
			outcome: { kind: "refused", code: "VOLUME_REFUSED" },
		});
		expect((await outcome(node, tasks.imgDelete, { volume: "gone:a" })).exitStatus).toBe(
			"storage 'gone' does not exist",
		);
		expect((await outcome(node, tasks.imgResize, { volume: "gone:a", sizeBytes: 1 })).outcome).toMatchObject({
			kind: "refused",
			code: "STORAGE_ABSENT",
			values: { storage: "gone" },
		});
	});

	it.each(["1", "0"])(
		"waits for the lock of the storage's LUN and names who holds it, shared %s",
		async (shared) => {
			const { node } = await nodeWithStorage({ shared });
			const lock = await HeldLock.take(node.store, storageLockName(tea), "n7 (its task)", 60_000);
			const task = await ask(node, tasks.imgAlloc, alloc);
			const line = "waiting for storage 'data', which is being changed by n7 (its task)";
			await until(
				async () => (await readTaskLog(node.store, task.task)).includes(line),
				() => "it does not say whom it waits for",
			);
			await lock?.release();
			expect((await ended(node, task)).exitStatus).toBe("OK");
			expect(await HeldLock.take(node.store, storageLockName(tea), "after", 60_000)).not.toBeNull();
		},
	);

	it("gives up on a lock that stays held, and says whose it is", async () => {
		const { node } = await nodeWithStorage();
		await HeldLock.take(node.store, storageLockName(tea), "n7 (its task)", 600_000);
		expect((await outcome(node, tasks.imgAlloc, alloc)).exitStatus).toBe(
			"storage 'data' is being changed by n7 (its task); gave up waiting after 90 s, and nothing was changed; try again",
		);
	});

	it("lets an agent that is told to stop end what it writes, and leaves the lock free", async () => {
		const { node, agent } = await nodeWithStorage();
		await agent.stop();
		const { promise: reached, resolve } = Promise.withResolvers<void>();
		const slow = interceptedHost(node.host, async ({ method }, run) => {
			if (method === "createVolume") resolve();
			return await run();
		});
		const stopped = node.startAgent({ host: slow });
		await node.applied();
		const task = await ask(node, tasks.imgAlloc, alloc);
		await reached;
		await stopped.stop();
		expect(await HeldLock.take(node.store, storageLockName(tea), "other", 60_000)).not.toBeNull();
		node.startAgent();
		await ended(node, task);
		expect((await outcome(node, tasks.storageContent, { storage: "data" })).result).toHaveLength(1);
	});

	it("runs beside other work, and once", async () => {
		const { node } = await nodeWithStorage();
		const lock = await HeldLock.take(node.store, storageLockName(tea), "n7", 60_000);
		const waiting = await ask(node, tasks.imgAlloc, alloc);
		expect((await outcome(node, tasks.lunGuard, { wwid: milk })).exitStatus).toBe("OK");
		expect((await outcome(node, tasks.storageContent, { storage: "data" })).result).toEqual([]);
		await lock?.release();
		expect((await ended(node, waiting)).exitStatus).toBe("OK");
		expect((await outcome(node, tasks.storageContent, { storage: "data" })).result).toHaveLength(1);
	});

	it("that takes hours keeps no other work from being done, and removals wait for each other", async () => {
		const { node, agent } = await nodeWithStorage({ saferemove: "1" });
		await agent.stop();
		const erasing: (() => void)[] = [];
		const slow = interceptedHost(node.host, async ({ method }, run) => {
			if (method === "zero") await new Promise<void>((resolve) => erasing.push(resolve));
			return await run();
		});
		node.startAgent({ host: slow });
		await node.applied();
		const volumes: string[] = [];
		for (let n = 0; n < 18; n++) {
			expect((await outcome(node, tasks.imgAlloc, alloc)).exitStatus).toBe("OK");
			volumes.push(`data:vm-100-disk-${n}`);
		}
		const removals = await Promise.all(volumes.map((volume) => ask(node, tasks.imgDelete, { volume })));
		const line = "waiting until one of 8 other removals has ended";
		const waiting = async () => {
			const logs = await Promise.all(removals.map(({ task }) => readTaskLog(node.store, task)));
			return logs.filter((lines) => lines.includes(line)).length;
		};
		await until(
			async () => erasing.length === 8 && (await waiting()) === 10,
			() => `${erasing.length} are erased`,
		);
		expect((await outcome(node, tasks.lunGuard, { wwid: milk })).exitStatus).toBe("OK");
		expect((await outcome(node, tasks.storageStatus, {})).exitStatus).toBe("OK");
		expect(erasing).toHaveLength(8);
		for (let n = 0; n < removals.length; n++) {
			erasing[n]?.();
			await until(
				() => erasing.length === Math.min(removals.length, n + 9),
				() => `${erasing.length} are erased after ${n + 1} were`,
			);
		}
		for (const removal of removals) expect((await ended(node, removal)).exitStatus).toBe("OK");
	});

	it("is cancelled when somebody asks for it", async () => {
		const { node } = await nodeWithStorage();
		await HeldLock.take(node.store, storageLockName(tea), "n7", 600_000);
		const task = await ask(node, tasks.imgAlloc, alloc);
		await until(
			async () => (await readTask(node.store, task.task.upid))?.task.state === "running",
			() => "it is not taken",
		);
		const jane = { by: "jane@local", from: null, at: Date.now() };
		await askToCancel(node.store, task.task.upid, jane);
		expect((await ended(node, task)).exitStatus).toBe("cancelled by jane@local");
		await askToCancel(node.store, task.task.upid, jane);
		await expect(askToCancel(node.store, "UPID:n1:x", jane)).rejects.toThrow("does not exist");
	});

	it("is over also when its result cannot be written, and says so", async () => {
		const { node, agent } = await nodeWithStorage();
		await agent.stop();
		const store = storeWith(node.store, {
			txn: (txn) =>
				txn.writes.some(({ key }) => key.startsWith("task-result/"))
					? Promise.reject(new Error("the result is too large"))
					: node.store.txn(txn),
		});
		node.startAgent({ store });
		await node.applied();
		expect(await outcome(node, tasks.storageContent, { storage: "data" })).toMatchObject({
			exitStatus: "it was done, but what came of it cannot be written: the result is too large",
			outcome: { kind: "failed", code: "BUG" },
		});
		expect(node.log.lines.filter(({ level }) => level === "error")).toMatchObject([
			{ message: "work: the end of a task cannot be written" },
		]);
		expect((await outcome(node, tasks.imgDelete, { volume: "data:vm-100-disk-9" })).exitStatus).toMatch(
			/does not exist$/,
		);
	});

	it("tells how far erasing a volume is", async () => {
		const { node } = await nodeWithStorage({ saferemove: "1" });
		await outcome(node, tasks.imgAlloc, alloc);
		const { task } = await outcome(node, tasks.imgDelete, { volume: "data:vm-100-disk-0" });
		expect(await readTaskLog(node.store, task.task)).toEqual([
			"zeroing vg0/del-vm-100-disk-0, 8388608 bytes",
			"progress 100%",
			"volume 'data:vm-100-disk-0' erased and removed",
		]);
	});
});

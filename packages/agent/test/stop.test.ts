/** What an agent that is told to stop still does. Changing programs are real ones, run by the agent's own runner. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Host, ProgramRunner } from "@pathkeeper/host";
import { RealLvm } from "@pathkeeper/host/parts";
import {
	type ArgumentOf,
	addStorage,
	builtInTypes,
	lostInRestart,
	type TaskType,
	tasks,
} from "@pathkeeper/model";
import { createTask, type FleetNode, readNodes, readTask, type StoredTask } from "@pathkeeper/store";
import { describe, expect, it } from "vitest";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import type { Clock } from "../src/index.ts";
import { interceptedHost } from "./intercepted-host.ts";
import { fastClock, ledgerFile, milk, type OneNode, oil, oneNode, tea, until } from "./one-node.ts";

let number = 0;

function ask<T extends TaskType>(node: OneNode, task: T, argument: ArgumentOf<T>): Promise<StoredTask> {
	const about = { user: "root@pam", at: Date.now(), takeWithinMs: 10_000, pid: 3, pstart: ++number };
	return createTask(node.store, { node: "n1", task, argument, ...about });
}

async function taskNow(node: OneNode, { task }: StoredTask) {
	const now = await readTask(node.store, task.upid);
	if (now === null) throw new Error("the task is gone");
	return now.task;
}

async function nodeHere(node: OneNode): Promise<FleetNode | undefined> {
	return (await readNodes(node.store)).find(({ node: name }) => name === "n1");
}

/** Fast time, but for the longest wait of an agent that stops: that ends when the test says so. */
function heldClock(): Clock & { readonly timeIsUp: () => void } {
	const { promise, resolve } = Promise.withResolvers<void>();
	return {
		...fastClock,
		sleep: (ms, signal) => (ms === 34_000 ? promise : fastClock.sleep(ms, signal)),
		timeIsUp: resolve,
	};
}

/** An `lvm` that begins, waits until it may end, and ends. */
const slowLvm = (folder: string) => `#!/bin/sh
[ "$1" = lvcreate ] || exit 0
touch ${folder}/begun
while [ ! -e ${folder}/may-end ]; do sleep 0.05; done
touch ${folder}/done
`;

/** A node with a storage, whose volumes are made by a program that takes its time. */
async function nodeWithSlowLvm() {
	const node = await oneNode();
	await node.config(`wwid: ${milk}\n\nwwid: ${tea}\n`);
	const first = node.startAgent();
	await node.applied();
	const san = addStorage("", builtInTypes, "san", "multipath", {});
	const lvm = { vgname: "vg0", base: `san:${tea}`, shared: "1" };
	await node.put("storage.cfg", addStorage(san, builtInTypes, "data", "lvm", lvm));
	const prepared = await ask(node, tasks.storagePrepare, { storage: "data" });
	await until(
		async () => (await taskNow(node, prepared)).state === "stopped",
		() => "the storage is not prepared",
	);
	await first.stop();
	const folder = join(node.folder, "programs");
	mkdirSync(folder);
	writeFileSync(join(folder, "lvm"), slowLvm(folder));
	chmodSync(join(folder, "lvm"), 0o755);
	const { run } = new ProgramRunner({ runtime: realRuntime });
	const real = new RealLvm({ run, path: folder, partitions: () => Promise.resolve("") });
	const host: Host = interceptedHost(node.host, async ({ method, args }, goOn) => {
		if (method === "createVolume") {
			const volume = { vg: "vg0", name: "vm-100-disk-0", sizeBytes: 8 * 1024 ** 2, tags: [] };
			expect(args).toHaveLength(2);
			await real.createVolume(["/dev/mapper/none"], volume);
		}
		return await goOn();
	});
	return {
		node,
		host,
		has: (mark: "begun" | "done") => existsSync(join(folder, mark)),
		mayEnd: () => writeFileSync(join(folder, "may-end"), ""),
	};
}

const alloc = { storage: "data", guest: 100, format: "raw", sizeBytes: 8 * 1024 ** 2 };

describe("an agent that is told to stop while a program changes something", () => {
	it("lets it end, writes how the task ended, and takes no new work", async () => {
		const { node, host, has, mayEnd } = await nodeWithSlowLvm();
		const agent = node.startAgent({ host, clock: heldClock() });
		await node.applied();
		const task = await ask(node, tasks.imgAlloc, alloc);
		await until(
			() => has("begun"),
			() => "the program does not begin",
		);
		const stopping = agent.stop();
		const late = await ask(node, tasks.lunGuard, { wwid: milk });
		expect(has("done")).toBe(false);
		mayEnd();
		await stopping;
		expect(has("done")).toBe(true);
		expect(await taskNow(node, task)).toMatchObject({ state: "stopped", exitStatus: "OK" });
		expect((await taskNow(node, late)).state).toBe("waiting");
		expect((await nodeHere(node))?.joinedRevision ?? null).toBeNull();
		expect(node.log.lines.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
	});

	it("leaves it when its time is up, and the next start says that the task was lost", async () => {
		const { node, host, has, mayEnd } = await nodeWithSlowLvm();
		const clock = heldClock();
		const agent = node.startAgent({ host, clock });
		await node.applied();
		const task = await ask(node, tasks.imgAlloc, alloc);
		await until(
			() => has("begun"),
			() => "the program does not begin",
		);
		const stopping = agent.stop();
		clock.timeIsUp();
		await stopping;
		expect(has("done")).toBe(false);
		expect((await taskNow(node, task)).state).toBe("running");
		expect(node.log.lines.find(({ level }) => level === "warn")).toMatchObject({
			message: "work that had started did not finish in time and was abandoned",
			fields: { tasks: [task.task.upid] },
		});
		node.startAgent();
		await until(
			async () => (await taskNow(node, task)).state === "stopped",
			() => "the task is not ended",
		);
		expect((await taskNow(node, task)).outcome).toEqual(lostInRestart);
		// It was not killed by us.
		mayEnd();
		await until(
			() => has("done"),
			() => "the program was killed",
		);
	});
});

describe("an agent that is told to stop", () => {
	it("gives a look up at once, and the node does not come back when it ends after all", async () => {
		const node = await oneNode();
		const { promise: answer, resolve } = Promise.withResolvers<void>();
		let held = 0;
		const host = interceptedHost(node.host, async ({ method }, goOn) => {
			if (method === "maps" && held++ >= 1) await answer;
			return await goOn();
		});
		const agent = node.startAgent({ host, clock: heldClock() });
		await until(
			() => held >= 2,
			() => "it does not look",
		);
		expect((await nodeHere(node))?.joinedRevision ?? null).not.toBeNull();
		await agent.stop();
		expect((await nodeHere(node))?.joinedRevision ?? null).toBeNull();
		resolve();
		// The observation ends after fewer requests than these, and each of these takes as long as one of its own.
		for (let question = 0; question < 50; question++) await node.host.multipathd.status();
		expect((await nodeHere(node))?.joinedRevision ?? null).toBeNull();
	});

	it("ends an apply that multipathd is in the middle of", async () => {
		const node = await oneNode({ reconfigureMs: 30 });
		const told: Promise<void>[] = [];
		const host = interceptedHost(node.host, async ({ method }, goOn) => {
			const answer = await goOn();
			if (method === "reconfigure") told.push(agent.stop());
			return answer;
		});
		await node.config(`wwid: ${milk}\n\nwwid: ${oil}\n`);
		const agent = node.startAgent({ host, clock: heldClock() });
		await until(
			() => told.length > 0,
			() => "multipathd is not told",
		);
		await Promise.all(told);
		expect(JSON.parse(readFileSync(node.path(ledgerFile), "utf8"))).toMatchObject({
			unfinished: null,
			wwids: { [milk]: "listed", [oil]: "listed" },
		});
	});

	it("begins no change that it has only thought of", async () => {
		const node = await oneNode();
		await node.config(`wwid: ${milk}\n`);
		const told: Promise<void>[] = [];
		const host = interceptedHost(node.host, async ({ method }, goOn) => {
			const answer = await goOn();
			if (method === "listedWwids" && told.length === 0) told.push(agent.stop());
			return answer;
		});
		const agent = node.startAgent({ host, clock: heldClock() });
		await until(
			() => told.length > 0,
			() => "it does not compare",
		);
		await Promise.all(told);
		expect(node.read(ledgerFile)).toBeNull();
		expect(node.listedWwids()).toEqual([]);
	});
});

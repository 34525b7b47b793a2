/** Who may only look, and looks as much as they can: others see and change things as before. */
import { joinFleet, taskPrefix } from "@pathkeeper/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { readTasks } from "../../../store/src/documents/tasks.ts";
import type { AccessGate } from "../../src/access/access-gate.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import { type Caller, localRoot } from "../../src/http/caller.ts";
import { EventReader, LiveServer } from "../events/event-reader.ts";
import { eventually, ReportedFleet } from "../reported-fleet.ts";
import { SimulatedFleet } from "../simulated-fleet.ts";

describe("somebody who opens 512 event streams", () => {
	test("keeps the last eight, and the administrator is let in and stays", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 1 });
		const live = new LiveFleet({
			runtime: realRuntime,
			store: fleet.store,
			gatherMs: 5,
			onFault: () => undefined,
		});
		const caller = (user: string): Caller => ({
			...localRoot,
			user,
			holder: { user: "root@local", token: { name: "watch", separated: true } },
			from: "192.0.2.1",
		});
		const gate: AccessGate = {
			admit: () => async (request) => {
				request.caller = caller(request.headers.authorization ?? "");
			},
			charge: () => () => undefined,
			noteRefusal: () => undefined,
		};
		{
			await using server = await LiveServer.start(live, { store: fleet.store }, { gate });
			const open = (user: string) => EventReader.open(server, { authorization: user });
			using first = await open("root@local");
			await first.next("snapshot");
			const flood: EventReader[] = [];
			for (let count = 0; count < 512; count++) flood.push(await open("root@local!watch"));
			await eventually("all but eight have ended", () => flood.filter(({ isOver }) => !isOver).length === 8);
			using second = await open("root@local");
			expect(second.response.statusCode).toBe(200);
			await second.next("snapshot");
			expect([first.isOver, server.hub.size]).toEqual([false, 10]);
			for (const reader of flood) reader[Symbol.dispose]();
		}
		await live.close();
	});
});

describe("somebody who asks a node again and again", () => {
	let fleet: SimulatedFleet;
	beforeAll(async () => {
		fleet = await SimulatedFleet.start({ nodes: ["n1"] });
		await fleet.call("POST", "/storage", { storage: "san", type: "multipath" });
	});
	afterAll(async () => await fleet[Symbol.asyncDispose]());

	/** Keys of the tasks that n1 was given meanwhile. */
	async function tasksDuring(work: () => Promise<void>): Promise<ReadonlySet<string>> {
		const seen = new Set<string>();
		const { revision } = await fleet.store.list(taskPrefix("n1"));
		await work();
		const after = (
			await fleet.store.txn({
				writes: [{ op: "put", key: `${taskPrefix("n1")}end`, value: new Uint8Array() }],
			})
		).revision;
		const stop = new AbortController();
		for await (const set of fleet.store.watch(taskPrefix("n1"), revision, stop.signal)) {
			if (set.revision === after) break;
			for (const change of set.changes) seen.add(change.type === "put" ? change.entry.key : change.key);
		}
		stop.abort();
		await fleet.store.txn({ writes: [{ op: "delete", key: `${taskPrefix("n1")}end` }] });
		return seen;
	}

	test("costs it one task for all who ask at once, for any guest", async () => {
		const seen = await tasksDuring(async () => {
			const answers = await Promise.all(
				Array.from({ length: 60 }, (_, at) =>
					fleet.call("GET", at % 2 ? "/nodes/n1/storage" : `/nodes/n1/storage/san/content?vmid=${100 + at}`),
				),
			);
			expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(200));
		});
		// One for each of the two questions; a second one where the first was over before the last asked.
		expect(seen.size).toBeLessThanOrEqual(6);
	});

	test("with questions that all differ is sent away with when to come back, and a change is made meanwhile", async () => {
		const questions = Array.from({ length: 120 }, (_, at) =>
			fleet.app.inject({ url: `/api2/json/nodes/n1/scan/iscsi?portal=192.0.2.${at + 1}` }),
		);
		const change = await fleet.call("PUT", "/storage/san", { content: "images" });
		expect(change.status).toBe(200);
		const answers = await Promise.all(questions);
		const refused = answers.filter(({ statusCode }) => statusCode === 503);
		expect(refused).toHaveLength(120 - 3 - 16);
		expect(refused[0]?.headers["retry-after"]).toBe("5");
		expect(refused[0]?.json().message).toBe(
			"node 'n1' is busy (16 questions of root@local wait for it already); nothing was done, try again later\n",
		);
	});

	test("leaves no entry in the list of its work", async () => {
		await fleet.call("GET", "/nodes/n1/storage");
		expect((await fleet.call("GET", "/nodes/n1/tasks?limit=0")).data).toMatchObject([
			{ type: "storageprepare" },
		]);
		expect((await readTasks(fleet.store, "n1")).tasks).toHaveLength(1);
	});
});

describe("a node whose agent is there and begins nothing", () => {
	test("is called busy, and nothing of the question is left", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1"], serverSpeed: 20 });
		await fleet.call("POST", "/storage", { storage: "san", type: "multipath" });
		await joinFleet(fleet.store, {
			node: "n9",
			run: "r",
			agentVersion: "1.2.3",
			intervalMs: 3000,
			joinedAt: Date.now(),
		});
		const answer = await fleet.app.inject({ url: "/api2/json/nodes/n9/storage" });
		expect(answer.statusCode).toBe(503);
		expect(answer.headers["retry-after"]).toBe("5");
		expect(answer.json().message).toBe(
			"node 'n9' is busy (its agent is there and did not begin the task within 10 s); nothing was done, try again later\n",
		);
		expect((await readTasks(fleet.store, "n9")).tasks).toEqual([]);
	});
});

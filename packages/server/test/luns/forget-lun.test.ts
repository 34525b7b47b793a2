import { tasks } from "@pathkeeper/model";
import { beginWithdrawal, claimTask, createTask, joinFleet, readWithdrawals } from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { readTasks } from "../../../store/src/documents/tasks.ts";
import { milk, oil, SimulatedFleet } from "../simulated-fleet.ts";

const lun = `/cluster/multipath/wwids/${milk}`;

/** An agent that lives by its lease and does nothing. */
const deadAgent = { run: "r", agentVersion: "1", intervalMs: 60_000, joinedAt: 1 };

async function wwidsOf(fleet: SimulatedFleet): Promise<string[]> {
	const { data } = await fleet.call("GET", "/cluster/multipath/wwids");
	return Array.isArray(data) ? data.map((entry: { wwid: string }) => entry.wwid) : [];
}

async function listedOn(fleet: SimulatedFleet, node: string): Promise<boolean> {
	return (await fleet.host(node).tools.listedWwids()).includes(milk);
}

describe("forgetting a LUN", () => {
	test("takes map and entry off every node, then says what each node shows", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
		await fleet.allow(milk, oil);
		const { status, data } = await fleet.call("DELETE", lun);
		expect(status).toBe(200);
		expect(data).toMatchObject({ verified: 1 });
		for (const node of ["n1", "n2"]) {
			expect(data).toHaveProperty(
				"log",
				expect.arrayContaining([`${node}: verified: no map of it, and no entry of ours`]),
			);
			expect(fleet.host(node).kernel.map(milk)).toBeUndefined();
			expect(await listedOn(fleet, node)).toBe(false);
			expect(fleet.host(node).kernel.map(oil)).toBeDefined();
		}
		expect(await wwidsOf(fleet)).toEqual([oil]);
		expect((await readWithdrawals(fleet.store)).size).toBe(0);
	});

	test("of which no node has a map takes it off the allow-list", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1"] });
		await fleet.call("POST", "/cluster/multipath/wwids", { wwid: "3600000000000000000000000000000ff" });
		await fleet.applied();
		const { status, data } = await fleet.call(
			"DELETE",
			"/cluster/multipath/wwids/3600000000000000000000000000000ff",
		);
		expect([status, data]).toMatchObject([200, { verified: 1 }]);
		expect(await wwidsOf(fleet)).toEqual([]);
	});

	test("is refused while anything stands on it anywhere, and names every node and user", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1", "n2", "n3"] });
		await fleet.allow(milk);
		fleet.host("n1").kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
		fleet.host("n3").kernel.map(milk)?.hold({ kind: "lv", words: "LV vg0/data (dm-7) active" });
		for (const force of ["", "?force=1"]) {
			const answer = await fleet.call("DELETE", lun + force);
			expect(answer.status).toBe(500);
			expect(answer.reason).toBe(
				`LUN ${milk} is in use and was not changed: n1: mounted on /srv; n3: LV vg0/data (dm-7) active`,
			);
		}
		expect(await wwidsOf(fleet)).toEqual([milk]);
		for (const { kernel } of fleet.hosts.values()) expect(kernel.map(milk)).toBeDefined();
		expect((await readWithdrawals(fleet.store)).size).toBe(0);
	});

	test("that one node refuses at the last moment is undone on the others by their own agents", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
		await fleet.allow(milk);
		const second = fleet.host("n2");
		// Somebody opens the map between the question and the work.
		const { removeMap } = second.multipathd;
		second.multipathd.removeMap = async (name, limits) => {
			second.kernel.map(milk)?.hold({ kind: "open", words: "held open by kvm (process 4711)" });
			return await removeMap.call(second.multipathd, name, limits);
		};
		const { status, message } = await fleet.call("DELETE", lun);
		expect(status).toBe(500);
		expect(message).toContain(`LUN ${milk} was not forgotten: in use on n2: `);
		expect(message).toContain("n1 had given it up and takes it back now by itself");
		await fleet.until("n1 has its map again", async () => fleet.host("n1").kernel.map(milk) !== undefined);
		expect(await listedOn(fleet, "n1")).toBe(true);
		expect(await listedOn(fleet, "n2")).toBe(true);
		expect(await wwidsOf(fleet)).toEqual([milk]);
		await fleet.until("all is optimal", async () => (await fleet.status()).luns[0]?.state === "optimal");
	});

	test("twice at a time is done once, and the other caller is told", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1"] });
		await fleet.allow(milk);
		const answers = await Promise.all([fleet.call("DELETE", lun), fleet.call("DELETE", lun)]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 500]);
		const refused = answers.find(({ status }) => status === 500);
		expect(refused?.reason).toBe(
			`LUN ${milk} was not forgotten: root@local is forgetting it right now; this call changed nothing`,
		);
		expect(fleet.host("n1").kernel.map(milk)).toBeUndefined();
	});

	test("that is not on the allow-list, or under another digest, touches no node", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1"] });
		await fleet.allow(oil);
		expect(await fleet.call("DELETE", lun)).toMatchObject({
			status: 500,
			reason: `LUN ${milk} in the allow-list does not exist`,
		});
		const stale = await fleet.call("DELETE", `/cluster/multipath/wwids/${oil}?digest=${"0".repeat(40)}`);
		expect(stale.reason).toBe("detected modified configuration - file changed by other user? Try again.");
		expect((await readTasks(fleet.store, "n1")).tasks).toEqual([]);
		expect(fleet.host("n1").kernel.map(oil)).toBeDefined();
	});
});

describe("a node that cannot be asked", () => {
	test("counts as one that uses the LUN", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
		await fleet.allow(milk);
		await fleet.stopAgent("n2");
		const { status, reason } = await fleet.call("DELETE", lun);
		expect(status).toBe(500);
		expect(reason).toBe(
			"node 'n2' is not reachable (no sign of life from its agent, so it may use the LUN; force skips nodes that cannot be asked)",
		);
		expect(fleet.host("n1").kernel.map(milk)).toBeDefined();
	});

	test("is skipped by force, said to be, and gives the LUN up when it is back", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
		await fleet.allow(milk);
		await fleet.stopAgent("n2");
		const { status, data } = await fleet.call("DELETE", `${lun}?force=1`);
		expect(status).toBe(200);
		expect(data).toMatchObject({
			verified: 1,
			log: expect.arrayContaining([expect.stringMatching(/^n2: skipped and not verified: no sign of life/)]),
		});
		expect(fleet.host("n2").kernel.map(milk)).toBeDefined();
		fleet.startAgent("n2");
		await fleet.until("n2 gave it up", async () => fleet.host("n2").kernel.map(milk) === undefined);
		await fleet.until("its entry is gone", async () => !(await listedOn(fleet, "n2")));
	});

	test("because nobody there takes its tasks stops the forgetting, and nothing was changed", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1"], serverSpeed: 20 });
		await fleet.allow(milk);
		await joinFleet(fleet.store, { ...deadAgent, node: "n9" });
		const { reason } = await fleet.call("DELETE", lun);
		expect(reason).toBe(
			"node 'n9' is busy (its agent is there and did not begin the task within 10 s; force skips nodes that cannot be asked); nothing was done, try again later",
		);
		expect(fleet.host("n1").kernel.map(milk)).toBeDefined();
	});

	test("because it vanished after it had taken its task is not waited for", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1"] });
		await fleet.allow(milk);
		const { lease } = await joinFleet(fleet.store, { ...deadAgent, node: "n9" });
		const forgetting = fleet.call("DELETE", lun);
		await fleet.until("the agent of n9 has its task", async () => {
			const [task] = (await readTasks(fleet.store, "n9")).tasks;
			return task !== undefined && (await claimTask(fleet.store, task, "r", Date.now())) !== null;
		});
		await lease.revoke();
		const { reason } = await forgetting;
		expect(reason).toMatch(
			/^node 'n9' is not reachable \(its agent vanished while it worked on the task; see /,
		);
		expect(fleet.host("n1").kernel.map(milk)).toBeDefined();
	});
});

describe("what could not be verified", () => {
	test("is a map that an entry of somebody else keeps", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1"], agents: false });
		await fleet.host("n1").tools.addWwid(milk);
		fleet.startAgent("n1");
		await fleet.until("n1 reports", async () => (await fleet.status()).nodes.length === 1);
		await fleet.allow(milk);
		const { status, data } = await fleet.call("DELETE", lun);
		expect(status).toBe(200);
		expect(data).toMatchObject({
			verified: 0,
			log: [
				`n1: the entry of ${milk} in /etc/multipath/wwids was not made by Pathkeeper: entry and map stay`,
				expect.stringMatching(
					/^n1: NOT verified after \d+(\.\d)? s: a map of it is still there, by an entry/,
				),
			],
		});
		expect(await listedOn(fleet, "n1")).toBe(true);
	});

	test("is a node whose agent ended before it had applied", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1"], serverSpeed: 10 });
		await fleet.allow(milk);
		const first = fleet.host("n1");
		const { removeWwid } = first.tools;
		first.tools.removeWwid = async (wwid) => {
			await removeWwid.call(first.tools, wwid);
			// The daemon never gets calm again, so the apply that follows does not end.
			first.multipathd.busy = async () => true;
		};
		const { status, data } = await fleet.call("DELETE", lun);
		expect(status).toBe(200);
		expect(data).toMatchObject({
			verified: 0,
			log: expect.arrayContaining([
				expect.stringMatching(
					/^n1: NOT verified after \d+(\.\d)? s: it has not applied the configuration without/,
				),
			]),
		});
	});
});

test("when the server dies on the way, the withdrawal ends with its lease and the node takes the LUN back", async () => {
	await using fleet = await SimulatedFleet.start({ nodes: ["n1"] });
	await fleet.allow(milk);
	const { store } = fleet;
	const lease = await store.lease(2000);
	await beginWithdrawal(store, milk, { by: "root@local", from: null, at: 1 }, lease);
	await createTask(store, {
		node: "n1",
		task: tasks.lunWithdraw,
		user: "root@local",
		argument: { wwid: milk },
		at: Date.now(),
		takeWithinMs: 10_000,
		pid: 1,
		pstart: 1,
	});
	await fleet.until("n1 gave the LUN up", async () => !(await listedOn(fleet, "n1")));
	expect(fleet.host("n1").kernel.map(milk)).toBeUndefined();
	await fleet.until("n1 has it again", async () => fleet.host("n1").kernel.map(milk) !== undefined);
	expect((await readWithdrawals(store)).size).toBe(0);
	expect(await wwidsOf(fleet)).toEqual([milk]);
});

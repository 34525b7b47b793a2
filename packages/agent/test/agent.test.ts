import { PathkeeperError } from "@pathkeeper/model";
import { readNodes, readReports, type Store } from "@pathkeeper/store";
import { describe, expect, it } from "vitest";
import { hostWith } from "./intercepted-host.ts";
import { configFile, milk, oneNode, until } from "./one-node.ts";
import { storeWith } from "./store-with.ts";

/** The store, and a switch that makes it answer nobody. */
function switchable(store: Store) {
	let isGone = false;
	const guard = <T>(run: () => Promise<T>): Promise<T> =>
		isGone ? Promise.reject(new PathkeeperError("STORE_UNAVAILABLE", { problem: "no leader" })) : run();
	const wrapped = storeWith(store, {
		get: (key) => guard(() => store.get(key)),
		list: (prefix) => guard(() => store.list(prefix)),
		txn: (txn) => guard(() => store.txn(txn)),
		lease: async (ttlMs) => {
			const lease = await guard(() => store.lease(ttlMs));
			return {
				...lease,
				keepAlive: () => guard(() => lease.keepAlive()),
				revoke: () => guard(() => lease.revoke()),
			};
		},
	});
	return { wrapped, gone: (now: boolean) => (isGone = now) };
}

describe("an agent whose store is gone", () => {
	it("keeps what it has, goes on looking after drift, and takes up the wish when the store is back", async () => {
		const node = await oneNode();
		const { wrapped, gone } = switchable(node.store);
		node.startAgent({ store: wrapped });
		await node.config(`wwid: ${milk}\n\talias milk-run\n`);
		await node.applied();
		gone(true);
		await until(
			() => node.log.lines.some(({ fields }) => /no leader/.test(String(fields["error"]))),
			() => "not noticed",
		);
		expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
		expect(node.read(configFile)).toContain("milk-run");
		await node.config(`wwid: ${milk}\n\talias milky-way\n`);
		await node.rounds("apply", 2);
		expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
		gone(false);
		await node.applied();
		expect(node.host.kernel.map(milk)?.name).toBe("milky-way");
	});

	it("does not call its configuration failed for that", async () => {
		const node = await oneNode();
		const { wrapped, gone } = switchable(node.store);
		node.startAgent({ store: wrapped });
		await node.config(`wwid: ${milk}\n`);
		await node.applied();
		gone(true);
		await node.rounds("apply", 2);
		await node.rounds("observe", 1);
		gone(false);
		await node.rounds("apply", 2);
		await node.rounds("observe", 1);
		expect((await node.report())?.applied.state).toBe("applied");
		expect(node.log.lines.map(({ message }) => message)).not.toContain(
			"apply: the configuration was not applied",
		);
	});

	it("ends all the same when it is told to", async () => {
		const node = await oneNode();
		const { wrapped, gone } = switchable(node.store);
		const agent = node.startAgent({ store: wrapped });
		await node.applied();
		gone(true);
		await agent.stop();
		expect(node.log.lines.at(-1)?.message).toBe("the store could not be told that this node is leaving");
	});

	it("starts, and waits for it", async () => {
		const node = await oneNode();
		const { wrapped, gone } = switchable(node.store);
		gone(true);
		node.startAgent({ store: wrapped });
		await node.rounds("apply", 1);
		gone(false);
		await node.config(`wwid: ${milk}\n`);
		await node.applied();
	});
});

it("leaves the fleet when it ends, so that the node is offline at once", async () => {
	const node = await oneNode();
	const agent = node.startAgent();
	await node.applied();
	await agent.stop();
	expect(await node.report()).toBeNull();
	expect((await readNodes(node.store)).map(({ member }) => member)).toEqual([null]);
	// What it reported last is what was last known.
	expect(await readReports(node.store)).toMatchObject([{ node: "n1", problem: null }]);
});

it("goes offline when it cannot look at its host any more, and comes back", async () => {
	const node = await oneNode({ hurriedLeases: true });
	let isStuck = false;
	const stuck = Promise.withResolvers<void>();
	const host = hostWith(node.host, "multipathd", "status", async (_, run) => {
		if (isStuck) await stuck.promise;
		return await run();
	});
	node.startAgent({ host });
	await node.applied();
	isStuck = true;
	await until(
		async () => (await node.report()) === null,
		() => "it still reports",
	);
	expect((await readNodes(node.store)).map(({ member }) => member)).toEqual([null]);
	isStuck = false;
	stuck.resolve();
	await node.reported(() => true, "a report again");
	expect((await readNodes(node.store)).map(({ member }) => member?.node)).toEqual(["n1"]);
});

describe("an agent that is started anew while multipathd is dead", () => {
	it("keeps what multipathd listed last, from one run to the next", async () => {
		const node = await oneNode();
		const first = node.startAgent();
		await node.config(`wwid: ${milk}\n`);
		await node.applied();
		const { maps } = await node.reported((report) => !report.settling && report.maps.length === 1);
		await first.stop();
		await node.host.daemon.kill();
		for (let run = 0; run < 2; run++) {
			const agent = node.startAgent();
			const { multipathd, maps: listed, lastMaps } = await node.reported(() => true);
			expect(multipathd.state).not.toBe("running");
			expect(listed).toEqual([]);
			expect(lastMaps).toEqual(maps);
			await agent.stop();
		}
	});

	it("reports all the same when its last report cannot be read", async () => {
		const node = await oneNode({ started: false });
		const value = new TextEncoder().encode("no report");
		await node.store.txn({ writes: [{ op: "put", key: "report/n1", value }] });
		node.startAgent();
		const report = await node.reported(() => true);
		expect(report.multipathd.state).not.toBe("running");
		expect(report.lastMaps).toBeUndefined();
		const warnings = node.log.lines.filter(({ message }) => message.includes("last report of this node"));
		expect(warnings).toHaveLength(1);
	});
});

it("ends as a whole when one of its parts fails for good, and says why", async () => {
	const node = await oneNode();
	const broken = storeWith(node.store, {
		list: (prefix) =>
			prefix.startsWith("task/")
				? Promise.reject(new PathkeeperError("BUG", { problem: "no luck" }))
				: node.store.list(prefix),
	});
	const agent = node.startAgent({ store: broken });
	await expect(agent.ended).rejects.toThrow("no luck");
	expect((await readNodes(node.store)).map(({ member }) => member)).toEqual([null]);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PathkeeperError, type Report } from "@pathkeeper/model";
import {
	joinFleet,
	type Lease,
	openEmbeddedStore,
	readNodes,
	readReports,
	type Store,
} from "@pathkeeper/store";
import { expect, it, onTestFinished } from "vitest";
import { ManualRuntime, settled } from "../../model/test/runtime/manual-runtime.ts";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import { Publisher } from "../src/publisher.ts";
import { keptLog, oneNode } from "./one-node.ts";
import { storeWith } from "./store-with.ts";

const member = { node: "n1", run: "this run", agentVersion: "0.1.0", intervalMs: 1_000 };

const report: Report = {
	node: "n1",
	at: 1_000,
	intervalMs: 1_000,
	simulated: true,
	agentVersion: "0.1.0",
	multipathd: { state: "running", problem: null, version: "0.15.1", pollingIntervalS: 5 },
	settling: false,
	maps: [],
	kernelMaps: [],
	candidates: [],
	foreignDmNames: [],
	highestPaths: {},
	applied: { state: "applied", configDigest: "", overridesDigest: "", at: 1, error: null },
	findings: [],
};

async function publisherOn(wrap: (store: Store) => Store = (store) => store) {
	const { store } = await oneNode({ started: false });
	const log = keptLog();
	const publisher = new Publisher(wrap(store), member, realRuntime, log);
	const revision = async () => (await store.list("report/")).entries[0]?.revision ?? null;
	const stored = async () => (await readReports(store))[0]?.report ?? null;
	return { store, log, publisher, revision, stored };
}

it("joins the fleet with the first report", async () => {
	const { publisher, store, stored } = await publisherOn();
	await publisher.publish(report);
	expect((await readNodes(store))[0]?.member).toMatchObject({ node: "n1", run: "this run" });
	expect(await stored()).toEqual(report);
});

it("writes a report only when it says something new", async () => {
	const { publisher, revision, stored } = await publisherOn();
	await publisher.publish(report);
	const first = await revision();
	await publisher.publish({ ...report, at: 2_000 });
	expect(await revision()).toBe(first);
	await publisher.publish({ ...report, at: 3_000, settling: true });
	expect(await revision()).not.toBe(first);
	expect((await stored())?.settling).toBe(true);
});

it("joins again and reports anew when its lease was lost", async () => {
	const leases: Lease[] = [];
	const { publisher, store, stored, revision, log } = await publisherOn((inner) =>
		storeWith(inner, {
			lease: async (ttlMs) => {
				const lease = await inner.lease(ttlMs);
				leases.push(lease);
				return lease;
			},
		}),
	);
	await publisher.publish(report);
	const first = await revision();
	await leases[0]?.revoke();
	expect(await revision()).toBe(first);
	await publisher.publish(report);
	expect(leases).toHaveLength(2);
	expect(await stored()).toEqual(report);
	expect(await revision()).toBeGreaterThan((await readNodes(store))[0]?.joinedRevision ?? 0n);
	expect((await readNodes(store))[0]?.member).not.toBeNull();
	const warnings = log.lines.filter(({ level }) => level === "warn");
	expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining("joining again")]);
});

it("writes the report again after a write that may have failed or not", async () => {
	let broken = false;
	const { publisher, stored } = await publisherOn((inner) =>
		storeWith(inner, {
			txn: async (txn) => {
				const result = await inner.txn(txn);
				if (broken) throw new PathkeeperError("STORE_UNAVAILABLE", { problem: "no answer" });
				return result;
			},
		}),
	);
	await publisher.publish(report);
	broken = true;
	await expect(publisher.publish({ ...report, settling: true })).rejects.toThrow("no answer");
	broken = false;
	// Now as before: what stands in the store is what was thought not to be written.
	await publisher.publish(report);
	expect(await stored()).toEqual(report);
});

/** A store whose time passes when it is told to, and a publisher on it whose puts can be refused. */
async function timedPublisher() {
	const runtime = new ManualRuntime();
	const folder = await mkdtemp(join(tmpdir(), "pk-publisher-"));
	const store = await openEmbeddedStore({ runtime, path: join(folder, "store.db") });
	onTestFinished(async () => {
		await store.close();
		await rm(folder, { recursive: true, force: true });
	});
	const pass = (ms: number) => runtime.pass(ms);
	let isRefusing = false;
	let renewals = 0;
	const wrapped = storeWith(store, {
		txn: async (txn) => {
			if (isRefusing && txn.writes.some(({ op }) => op === "put"))
				throw new PathkeeperError("STORE_FULL", { problem: "no room" });
			return await store.txn(txn);
		},
		lease: async (ttlMs) => {
			const { id, ttlMs: granted, lost, keepAlive, revoke } = await store.lease(ttlMs);
			const renew = async () => {
				renewals++;
				await keepAlive();
			};
			return { id, ttlMs: granted, lost, keepAlive: renew, revoke };
		},
	});
	const publisher = new Publisher(wrapped, member, runtime, keptLog());
	const isMember = async () => ((await readNodes(store))[0]?.member ?? null) !== null;
	return {
		store,
		publisher,
		pass,
		isMember,
		refuse: (now: boolean) => (isRefusing = now),
		renewals: () => renewals,
	};
}

it("stays a member for as long as its report is current, written anew or not", async () => {
	const { publisher, pass, isMember } = await timedPublisher();
	for (let round = 0; round < 20; round++) {
		await publisher.publish({ ...report, at: round, settling: round >= 10 && round % 2 === 0 });
		await pass(1_000);
		expect(await isMember()).toBe(true);
	}
});

it("goes offline while the store refuses its report, and comes back with it", async () => {
	const { store, publisher, pass, isMember, refuse, renewals } = await timedPublisher();
	await publisher.publish(report);
	const renewed = renewals();
	refuse(true);
	const changed = { ...report, settling: true };
	const members: boolean[] = [];
	for (let round = 0; round < 8; round++) {
		await pass(1_000);
		await expect(publisher.publish(changed)).rejects.toMatchObject({ code: "STORE_FULL" });
		members.push(await isMember());
	}
	// The lease lasts five seconds.
	expect(members).toEqual([true, true, true, true, false, false, false, false]);
	expect(renewals()).toBe(renewed);
	expect((await readReports(store))[0]?.report).toEqual(report);

	refuse(false);
	await publisher.publish(changed);
	expect(await isMember()).toBe(true);
	expect((await readReports(store))[0]?.report).toEqual(changed);
	const [known] = await readNodes(store);
	const revision = (await store.get("report/n1"))?.revision;
	expect(revision).toBeGreaterThan(known?.joinedRevision ?? 0n);
});

it("joins again at once when its lease was lost and its report changed meanwhile", async () => {
	const leases: Lease[] = [];
	const { publisher, store, stored } = await publisherOn((inner) =>
		storeWith(inner, {
			lease: async (ttlMs) => {
				const lease = await inner.lease(ttlMs);
				leases.push(lease);
				return lease;
			},
		}),
	);
	await publisher.publish(report);
	await leases[0]?.revoke();
	await publisher.publish({ ...report, settling: true });
	expect(leases).toHaveLength(2);
	expect((await readNodes(store))[0]?.member).not.toBeNull();
	expect((await stored())?.settling).toBe(true);
});

it("is no member while another host has its name, and does not break in", async () => {
	const { publisher, store } = await publisherOn();
	const other = await joinFleet(store, { ...member, run: "another run", joinedAt: 1 });
	await expect(publisher.publish(report)).rejects.toThrow("an agent for node 'n1' already exists");
	expect((await readNodes(store))[0]?.member?.run).toBe("another run");
	let isMember = false;
	const stop = new AbortController();
	const membership = publisher.membership(stop.signal).then(() => {
		isMember = true;
	});
	await settled();
	expect(isMember).toBe(false);
	await other.lease.revoke();
	await publisher.publish(report);
	await membership;
	expect(isMember).toBe(true);
});

it("lets go of whoever waits for its membership when the agent ends", async () => {
	const { publisher } = await publisherOn();
	const stop = new AbortController();
	const membership = publisher.membership(stop.signal);
	stop.abort();
	await membership;
});

it("is no member any more once its lease is lost, even before it notices", async () => {
	const leases: Lease[] = [];
	const lost = new AbortController();
	const { publisher } = await publisherOn((inner) =>
		storeWith(inner, {
			lease: async (ttlMs) => {
				const lease = await inner.lease(ttlMs);
				leases.push(lease);
				return leases.length > 1
					? lease
					: {
							id: lease.id,
							ttlMs,
							lost: lost.signal,
							keepAlive: () => lease.keepAlive(),
							revoke: () => lease.revoke(),
						};
			},
		}),
	);
	await publisher.publish(report);
	const stop = new AbortController();
	await publisher.membership(stop.signal);
	await leases[0]?.revoke();
	lost.abort();
	let isMember = false;
	void publisher.membership(stop.signal).then(() => {
		isMember = true;
	});
	await settled();
	expect(isMember).toBe(false);
	await publisher.publish(report);
	await settled();
	expect(isMember).toBe(true);
});

it("takes its membership away at once when it leaves, and its report stays as what was last known", async () => {
	const { publisher, store, stored } = await publisherOn();
	await publisher.publish(report);
	await publisher.leave();
	expect(await stored()).toEqual(report);
	expect((await readNodes(store)).map((node) => [node.node, node.member])).toEqual([["n1", null]]);
	await publisher.leave();
});

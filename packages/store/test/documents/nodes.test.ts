import { describe, expect, test } from "vitest";
import { joinFleet, type Member, noteSilence, readNodes } from "../../src/documents/nodes.ts";
import { codeOf, put, write } from "../contract/tools.ts";
import { settle, storePerTest } from "./document-store.ts";

const shared = storePerTest();
const member: Member = { node: "n1", run: "run-1", agentVersion: "0.1.0", intervalMs: 10_000, joinedAt: 5 };

describe("a node", () => {
	test("is a member for three of its refresh intervals, and is missed afterwards", async () => {
		const { lease, revision } = await joinFleet(shared.store, member);
		expect(lease.ttlMs).toBe(30_000);
		expect(await readNodes(shared.store)).toEqual([
			{ node: "n1", member, joinedRevision: revision, lastJoinedAt: 5, silentSince: null, problem: null },
		]);
		shared.timing.advance(29_000);
		await lease.keepAlive();
		shared.timing.advance(29_000);
		await settle();
		expect((await readNodes(shared.store))[0]?.member).toEqual(member);
		shared.timing.advance(2000);
		await settle();
		expect(await readNodes(shared.store)).toEqual([
			{ node: "n1", member: null, joinedRevision: null, lastJoinedAt: 5, silentSince: null, problem: null },
		]);
		expect(lease.lost.aborted).toBe(true);
	});

	test("has one agent: a second one is refused and leaves the first alone", async () => {
		const { lease } = await joinFleet(shared.store, member);
		const second = { ...member, run: "run-2", joinedAt: 6 };
		expect(await codeOf(joinFleet(shared.store, second))).toBe("ALREADY_EXISTS");
		expect(await readNodes(shared.store)).toMatchObject([{ member, lastJoinedAt: 5 }]);
		await lease.revoke();
		await joinFleet(shared.store, second);
		expect(await readNodes(shared.store)).toMatchObject([{ member: second, lastJoinedAt: 6 }]);
	});

	test("is silent since a moment that is noted once, until its agent is back", async () => {
		const silentSince = async () => (await readNodes(shared.store))[0]?.silentSince;
		const { lease } = await joinFleet(shared.store, member);
		await noteSilence(shared.store, "n1", 100);
		expect(await silentSince()).toBeNull();
		await lease.revoke();
		expect(await silentSince()).toBeNull();
		await noteSilence(shared.store, "n1", 200);
		await noteSilence(shared.store, "n1", 300);
		expect(await silentSince()).toBe(200);
		const again = await joinFleet(shared.store, { ...member, run: "run-2" });
		expect(await silentSince()).toBeNull();
		await again.lease.revoke();
		expect(await silentSince()).toBeNull();
		await noteSilence(shared.store, "n9", 400);
		expect((await readNodes(shared.store)).map(({ node }) => node)).toEqual(["n1"]);
	});

	test("that cannot be read is a problem of its own and still there", async () => {
		const { revision } = await joinFleet(shared.store, member);
		await write(shared.store, put("member/n2", "?"), put("node/n2", '{"node":"n2","lastJoinedAt":7}'));
		await write(shared.store, put("member/n3", JSON.stringify(member)));
		const unread = { member: null, joinedRevision: null, silentSince: null };
		expect(await readNodes(shared.store)).toEqual([
			{ node: "n1", member, joinedRevision: revision, lastJoinedAt: 5, silentSince: null, problem: null },
			{ ...unread, node: "n2", lastJoinedAt: 7, problem: expect.stringContaining("member/n2") },
			{ ...unread, node: "n3", lastJoinedAt: null, problem: expect.stringContaining("about node 'n1'") },
		]);
	});

	test("has a name that is safe in a key", async () => {
		for (const node of ["", "a/b", "n1/", "..", "a.b", "-a", "a-", "n 1", "a".repeat(64)])
			expect(await codeOf(joinFleet(shared.store, { ...member, node }))).toBe("PARAMETER_INVALID");
		await joinFleet(shared.store, { ...member, node: "a".repeat(63) });
	});
});

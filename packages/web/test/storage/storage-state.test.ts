import { describe, expect, test } from "vitest";
import type { StorageAnswer } from "../../src/storage/answers.ts";
import {
	problemsOf,
	type StorageReport,
	storageOnNodes,
	storageState,
	usageOf,
} from "../../src/storage/storage-state.ts";

const gib = 1024 ** 3;
const storage = written();

/** As the API returns a storage; with further properties of its section. */
function written(more: object = {}): StorageAnswer {
	return { storage: "data", type: "lvm", content: "images", digest: "0".repeat(40), ...more };
}

/** A node that has the storage active, with these changes. */
function reported(
	node: string,
	used = 1,
	changes: Partial<StorageReport> & { readonly active?: 0 | 1 } = {},
): StorageReport {
	const { active = 1, ...rest } = changes;
	const space = { total: 10 * gib, used: used * gib, avail: (10 - used) * gib, used_fraction: used / 10 };
	const here = { storage: "data", type: "lvm", content: "images", shared: 0, enabled: 1, active } as const;
	return { node, isOnline: true, storages: [{ ...here, ...space }], problem: null, ...rest };
}

describe("a storage", () => {
	test("is optimal when it is active on every node that should have it", () => {
		const nodes = storageOnNodes(storage, [reported("n1"), reported("n2")]);
		expect(storageState(storage, nodes)).toEqual({ state: "optimal", word: "active on 2 nodes" });
		expect(problemsOf(nodes)).toEqual([]);
		const onOne = storageOnNodes(written({ nodes: "n1" }), [
			reported("n1"),
			reported("n2", 1, { isOnline: false }),
		]);
		expect(storageState(storage, onOne)).toEqual({ state: "optimal", word: "active on 1 node" });
	});

	test.each([
		["is silent", { isOnline: false }],
		["did not answer", { storages: undefined, problem: "node 'n2' is not reachable" }],
		["has not answered yet", { storages: undefined }],
		["does not report it", { storages: [] }],
		["does not have it active", { active: 0 }],
	] as const)("is not optimal when a node %s", (_, changes) => {
		const { state } = storageState(
			storage,
			storageOnNodes(storage, [reported("n1"), reported("n2", 1, changes)]),
		);
		expect(state).toBe("active" in changes ? "degraded" : "unknown");
	});

	test("is failed when no node has it, and unknown when there is no node", () => {
		expect(storageState(storage, storageOnNodes(storage, [reported("n1", 1, { active: 0 })])).state).toBe(
			"failed",
		);
		expect(storageState(storage, storageOnNodes(storage, [])).state).toBe("unknown");
		expect(storageState(storage, storageOnNodes(written({ disable: 1 }), [reported("n1")])).state).toBe(
			"unmanaged",
		);
	});

	test("has no effect where its section has none, whatever nodes report", () => {
		const leftOut = written({ left_out: 1 });
		const nodes = storageOnNodes(leftOut, [reported("n1")]);
		expect(storageState(leftOut, nodes)).toEqual({ state: "failed", word: "has no effect" });
		expect(usageOf(leftOut, nodes)).toBeNull();
	});

	test("names each node with a problem, and the reason", () => {
		const nodes = storageOnNodes(storage, [
			reported("n1", 1, { isOnline: false }),
			reported("n2", 1, { active: 0 }),
		]);
		expect(problemsOf(nodes)).toEqual([
			"n1: no sign of life from its agent",
			"n2: the node reports no reason",
		]);
	});

	test("is as full as the fullest node where each has its own, and as any where all see the same", () => {
		const nodes = [reported("n1", 2), reported("n2", 7)];
		expect(usageOf(storage, storageOnNodes(storage, nodes))).toEqual({
			used: 7 * gib,
			total: 10 * gib,
			node: "n2",
		});
		const shared = written({ shared: 1 });
		expect(usageOf(shared, storageOnNodes(shared, nodes))).toMatchObject({ node: null });
		expect(usageOf(storage, storageOnNodes(storage, [reported("n1", 1, { isOnline: false })]))).toBeNull();
	});
});

import { describe, expect, test } from "vitest";
import type { StorageAnswer } from "../../src/storage/answers.ts";
import { type NodeSaid, onNodes, standingOf, troublesOf, usageOf } from "../../src/storage/standing.ts";

const gib = 1024 ** 3;
const storage = written();

/** As the API tells of a storage; with further properties of its section. */
function written(more: object = {}): StorageAnswer {
	return { storage: "data", type: "lvm", content: "images", digest: "0".repeat(40), ...more };
}

/** A node that has the storage, or has it as told. */
function said(
	node: string,
	used = 1,
	changes: Partial<NodeSaid> & { readonly active?: 0 | 1 } = {},
): NodeSaid {
	const { active = 1, ...rest } = changes;
	const space = { total: 10 * gib, used: used * gib, avail: (10 - used) * gib, used_fraction: used / 10 };
	const here = { storage: "data", type: "lvm", content: "images", shared: 0, enabled: 1, active } as const;
	return { node, isOnline: true, storages: [{ ...here, ...space }], problem: null, ...rest };
}

describe("a storage", () => {
	test("is well when every node that is to have it has it active", () => {
		const places = onNodes(storage, [said("n1"), said("n2")]);
		expect(standingOf(storage, places)).toEqual({ look: "optimal", word: "active on 2 nodes" });
		expect(troublesOf(places)).toEqual([]);
		const onOne = onNodes(written({ nodes: "n1" }), [said("n1"), said("n2", 1, { isOnline: false })]);
		expect(standingOf(storage, onOne)).toEqual({ look: "optimal", word: "active on 1 node" });
	});

	test.each([
		["is silent", { isOnline: false }],
		["did not answer", { storages: undefined, problem: "node 'n2' is not reachable" }],
		["is asked still", { storages: undefined }],
		["does not tell of it", { storages: [] }],
		["has it not active", { active: 0 }],
	] as const)("is not well when a node %s", (_, changes) => {
		const { look } = standingOf(storage, onNodes(storage, [said("n1"), said("n2", 1, changes)]));
		expect(look).toBe("active" in changes ? "degraded" : "unknown");
	});

	test("is failed when no node has it, and not known when no node is", () => {
		expect(standingOf(storage, onNodes(storage, [said("n1", 1, { active: 0 })])).look).toBe("failed");
		expect(standingOf(storage, onNodes(storage, [])).look).toBe("unknown");
		expect(standingOf(storage, onNodes(written({ disable: 1 }), [said("n1")])).look).toBe("unmanaged");
	});

	test("has no effect where its section gives none, whatever nodes say", () => {
		const leftOut = written({ left_out: 1 });
		const places = onNodes(leftOut, [said("n1")]);
		expect(standingOf(leftOut, places)).toEqual({ look: "failed", word: "has no effect" });
		expect(usageOf(leftOut, places)).toBeNull();
	});

	test("names each node that is not as it should be, with the reason", () => {
		const places = onNodes(storage, [said("n1", 1, { isOnline: false }), said("n2", 1, { active: 0 })]);
		expect(troublesOf(places)).toEqual(["n1: no sign of life from its agent", "n2: it is not said why"]);
	});

	test("is as full as the fullest node where each has its own, and as any where all see the same", () => {
		const nodes = [said("n1", 2), said("n2", 7)];
		expect(usageOf(storage, onNodes(storage, nodes))).toEqual({ used: 7 * gib, total: 10 * gib, node: "n2" });
		const shared = written({ shared: 1 });
		expect(usageOf(shared, onNodes(shared, nodes))).toMatchObject({ node: null });
		expect(usageOf(storage, onNodes(storage, [said("n1", 1, { isOnline: false })]))).toBeNull();
	});
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtInTypes, type StorageType } from "@pathkeeper/model";
import { joinFleet, openEmbeddedStore, type Store } from "@pathkeeper/store";
import { expect, it, onTestFinished } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { knownTypes, usableTypes } from "../../src/volumes/known-types.ts";

const tape: StorageType = {
	type: "tape",
	content: { valid: ["backup"], default: ["backup"] },
	format: { valid: ["raw"], default: "raw" },
	selectExisting: false,
	alwaysShared: false,
	sensitive: [],
	properties: { drive: { kind: "text", description: "Where the tape is" } },
	options: { drive: { fixed: true }, nodes: { optional: true } },
};

async function fleetOf(types: Readonly<Record<string, readonly StorageType[]>>): Promise<Store> {
	const folder = await mkdtemp(join(tmpdir(), "pk-types-"));
	const store = await openEmbeddedStore({ runtime: realRuntime, path: join(folder, "store.db") });
	onTestFinished(async () => {
		await store.close();
		await rm(folder, { recursive: true });
	});
	for (const [node, storageTypes] of Object.entries(types))
		await joinFleet(store, {
			node,
			run: node,
			agentVersion: "1.2.3",
			intervalMs: 60_000,
			joinedAt: 1,
			storageTypes,
		});
	return store;
}

const brought = async (store: Store) => (await knownTypes(store)).slice(builtInTypes.length);
const usable = async (store: Store) => (await usableTypes(store)).map(({ type }) => type);

it("are the built-in ones, everywhere, where no node brings one along", async () => {
	const store = await fleetOf({ n1: [], n2: [] });
	expect(await usable(store)).toEqual(["multipath", "lvm", "dir"]);
	expect((await knownTypes(store)).every(({ nodes }) => nodes === null)).toBe(true);
});

it("are those of plugins too, with the nodes that have them", async () => {
	const store = await fleetOf({ n1: [tape], n2: [], n3: [tape] });
	expect(await brought(store)).toEqual([{ definition: tape, nodes: ["n1", "n3"], problem: null }]);
	expect(await usable(store)).toEqual(["multipath", "lvm", "dir", "tape"]);
});

it("are not usable when two nodes mean different things by one name, and all are named", async () => {
	const store = await fleetOf({ n1: [tape], n2: [{ ...tape, alwaysShared: true }], n3: [tape] });
	expect((await brought(store)).map(({ problem }) => problem)).toEqual([
		"its plugin is not the same on every node: one on n1, n3; another on n2. Install one of them everywhere",
	]);
	expect(await usable(store)).not.toContain("tape");
});

it("are not usable when two types claim one property", async () => {
	const disc: StorageType = { ...tape, type: "disc" };
	const store = await fleetOf({ n1: [tape], n2: [disc] });
	expect((await brought(store)).map(({ definition, problem }) => [definition.type, problem])).toEqual([
		["disc", "its property 'drive' belongs to type 'tape' already"],
		["tape", null],
	]);
});

it("never take the place of a built-in one", async () => {
	const [multipath] = builtInTypes;
	const store = await fleetOf({ n1: [{ ...tape, type: multipath?.type ?? "" }] });
	expect(await brought(store)).toEqual([]);
});

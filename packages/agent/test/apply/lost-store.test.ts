import { join } from "node:path";
import { openEmbeddedStore } from "@pathkeeper/store";
import { expect, it, onTestFinished } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { configFile, ledgerFile, milk, type OneNode, oneNode, overridesFile, until } from "../one-node.ts";

/** A node that has applied a configuration and whose agent ended. */
async function appliedNode(): Promise<OneNode> {
	const node = await oneNode();
	const first = node.startAgent();
	await node.allow(milk, { alias: "milk-run" });
	await node.overrides("overrides {\n\tno_path_retry 9\n}\n");
	await node.applied();
	await first.stop();
	return node;
}

/** An agent on another store: a new one, say, after the disk of the first one was lost. */
async function withNewStore(node: OneNode) {
	const store = await openEmbeddedStore({ runtime: realRuntime, path: join(node.folder, "new.db") });
	const agent = node.startAgent({ store });
	onTestFinished(async () => {
		await agent.stop();
		await store.close();
	});
	const other = node.on(store);
	return { store, other };
}

it("keeps what a node has when the store looks empty, and says so", async () => {
	const node = await appliedNode();
	const before = [node.read(configFile), node.read(overridesFile), node.listedWwids()];
	const { other } = await withNewStore(node);
	const { text } = await other.finding("store-empty");
	expect(text).toContain("this node keeps the one it applied last");
	expect([node.read(configFile), node.read(overridesFile), node.listedWwids()]).toEqual(before);
	expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
	const report = await other.report();
	expect(report?.applied.configDigest).toMatch(/^[0-9a-f]{40}$/);
});

it("keeps it, too, when the ledger was lost with the store", async () => {
	const node = await appliedNode();
	node.remove(ledgerFile);
	const before = [node.read(configFile), node.read(overridesFile), node.listedWwids()];
	const { other } = await withNewStore(node);
	await other.finding("store-empty");
	expect([node.read(configFile), node.read(overridesFile), node.listedWwids()]).toEqual(before);
});

it("keeps it when only one of the documents is lost", async () => {
	const node = await appliedNode();
	const { store, other } = await withNewStore(node);
	await other.finding("store-empty");
	await node.on(store).overrides("overrides {\n\tno_path_retry 7\n}\n");
	await node.rounds("apply", 3);
	expect(node.listedWwids()).toEqual([milk]);
	expect(node.read(configFile)).toContain("milk-run");
});

it("follows the new store from the first document that is written there", async () => {
	const node = await appliedNode();
	const { other } = await withNewStore(node);
	await other.finding("store-empty");
	await other.config("");
	await other.overrides("");
	await until(
		() => node.read(configFile) === null && node.read(overridesFile) === null,
		() => "still there",
	);
	await until(
		() => node.listedWwids().length === 0,
		() => "still listed",
	);
});

it("tears a node down for documents that were emptied, since somebody wrote that", async () => {
	const node = await appliedNode();
	node.startAgent();
	await node.config("");
	await node.overrides("");
	await node.applied();
	expect(node.read(configFile)).toBeNull();
	expect(node.listedWwids()).toEqual([]);
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RootedFiles } from "@pathkeeper/host";
import type { KernelMap, MultipathMap } from "@pathkeeper/model";
import { expect, it, onTestFinished } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import type { DaemonObservation } from "../../src/observe/observe.ts";
import { PathMemory } from "../../src/observe/path-memory.ts";
import { milk, oneNode } from "../one-node.ts";
import { lookOnce as look } from "./look-once.ts";

/** A node with one map of four paths, its host's files, and what is remembered of it. */
async function nodeWithMap() {
	const node = await oneNode();
	node.listByHand(milk);
	await node.host.multipathd.reconfigure();
	await expect.poll(() => node.host.kernel.maps.length).toBe(1);
	const seen = await look(node.host, { pollingIntervalS: 5, deadlineMs: 1_000 });
	return { node, seen, memory: () => new PathMemory(node.host.files, "/var/lib/pathkeeper/agent") };
}

function withPaths(daemon: DaemonObservation, count: number): DaemonObservation {
	const shorten = (map: MultipathMap): MultipathMap => ({
		...map,
		groups: map.groups.slice(0, 1).map((group) => ({ ...group, paths: group.paths.slice(0, count) })),
	});
	return { ...daemon, maps: daemon.maps.map(shorten) };
}

it("remembers the highest number of paths of each map, also after a restart of the agent", async () => {
	const { seen, memory } = await nodeWithMap();
	const before = memory();
	expect(await before.note(seen)).toEqual({ [milk]: 4 });
	const fewer = { ...seen, daemon: withPaths(seen.daemon, 1) };
	expect(await before.note(fewer)).toEqual({ [milk]: 4 });
	expect(await memory().note(fewer)).toEqual({ [milk]: 4 });
});

it("forgets a map that the kernel does not have any more", async () => {
	const { seen, memory } = await nodeWithMap();
	const kept = memory();
	await kept.note(seen);
	expect(await kept.note({ kernelMaps: [], daemon: { ...seen.daemon, maps: [] } })).toEqual({});
	expect(await kept.note({ ...seen, daemon: withPaths(seen.daemon, 1) })).toEqual({ [milk]: 1 });
});

it("keeps what it saw while the daemon lists nothing but the kernel has the map", async () => {
	const { seen, memory } = await nodeWithMap();
	const kept = memory();
	await kept.note(seen);
	expect(await kept.note({ ...seen, daemon: { ...seen.daemon, maps: [] } })).toEqual({ [milk]: 4 });
});

it("does not count the paths of a map that was not read whole", async () => {
	const { seen, memory } = await nodeWithMap();
	const torn = seen.daemon.maps.map((map) => ({ ...map, whole: false }));
	expect(await memory().note({ ...seen, daemon: { ...seen.daemon, maps: torn } })).toEqual({});
});

it("does not believe what it kept before the host was started anew", async () => {
	const { node, seen, memory } = await nodeWithMap();
	const bootId = "/proc/sys/kernel/random/boot_id";
	node.write(bootId, "11111111-2222-3333-4444-555555555555\n");
	await memory().note(seen);
	const fewer = { ...seen, daemon: withPaths(seen.daemon, 1) };
	expect(await memory().note(fewer)).toEqual({ [milk]: 4 });
	node.write(bootId, "66666666-2222-3333-4444-555555555555\n");
	expect(await memory().note(fewer)).toEqual({ [milk]: 1 });
});

it.each(["", "{", '{"boot":1,"paths":{}}', '{"boot":"","paths":{"x":"many"}}', "[]"])(
	"begins anew with a damaged file: %s",
	async (text) => {
		const { node, seen, memory } = await nodeWithMap();
		node.write("/var/lib/pathkeeper/agent/paths-seen.json", text);
		expect(await memory().note(seen)).toEqual({ [milk]: 4 });
	},
);

it("goes on remembering where nothing can be written, and says so", async () => {
	const root = mkdtempSync(join(tmpdir(), "pk-memory-"));
	onTestFinished(() => rmSync(root, { recursive: true }));
	// Root may write into any folder, so a file stands where the folder should be.
	mkdirSync(join(root, "var/lib/pathkeeper"), { recursive: true });
	writeFileSync(join(root, "var/lib/pathkeeper/agent"), "");
	const memory = new PathMemory(new RootedFiles(realRuntime, root), "/var/lib/pathkeeper/agent");
	const { seen } = await nodeWithMap();
	expect(await memory.note(seen)).toEqual({ [milk]: 4 });
	expect(await memory.note({ ...seen, daemon: withPaths(seen.daemon, 1) })).toEqual({ [milk]: 4 });
	expect(memory.findings()).toMatchObject([
		{ code: "memory-not-kept", text: expect.stringContaining("folder") },
	]);
	rmSync(join(root, "var/lib/pathkeeper/agent"));
	await memory.note(seen);
	expect(memory.findings()).toEqual([]);
});

it("takes the name that a LUN was given by its array for a name and nothing else", async () => {
	const { node, seen, memory } = await nodeWithMap();
	const wwid = "__proto__";
	const renamed = <T extends KernelMap | MultipathMap>(map: T): T => ({ ...map, wwid });
	const hostile = {
		kernelMaps: seen.kernelMaps.map(renamed),
		daemon: { ...seen.daemon, maps: seen.daemon.maps.map(renamed) },
	};
	expect(Object.entries(await memory().note(hostile))).toEqual([[wwid, 4]]);
	expect(
		JSON.parse(readFileSync(node.path("/var/lib/pathkeeper/agent/paths-seen.json"), "utf8")),
	).toMatchObject({
		paths: expect.objectContaining({}),
	});
	expect(Object.entries(await memory().note(hostile))).toEqual([[wwid, 4]]);
});

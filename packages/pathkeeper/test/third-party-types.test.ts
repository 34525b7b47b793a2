/** Storages of a type that a plugin brings along, which is on one of two nodes: through the API and the command line. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiver, builtInRegistry, loadPlugins, type Registry } from "@pathkeeper/volumes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../cli/test/console.ts";
import { SimulatedFleet } from "../../server/test/simulated-fleet.ts";

/** A plugin as somebody else writes one. */
const plugin = `
export default {
	api: ${apiver},
	definition: {
		type: "tape", selectExisting: false, alwaysShared: false, sensitive: [],
		content: { valid: ["images", "backup"], default: ["backup"] },
		format: { valid: ["raw"], default: "raw" },
		properties: {
			drive: { kind: "text", format: "path", description: "Device of the drive" },
			slots: { kind: "integer", minimum: 1, maximum: 24, description: "Slots of the changer" },
		},
		options: {
			drive: { fixed: true }, slots: { optional: true }, nodes: { optional: true },
			content: { optional: true }, disable: { optional: true }, shared: { optional: true },
		},
	},
	parseVolname: (volname) => ({ kind: "backup", name: volname, guest: null, format: "raw" }),
	path: (storage) => storage.values.drive,
	volumeHasFeature: () => false,
	listImages: async () => [],
	status: async () => ({ totalBytes: 4096, usedBytes: 1024, availableBytes: 3072, active: true }),
	checkConnection: async () => null,
	activateStorage: async () => undefined,
	deactivateStorage: async () => undefined,
	activateVolume: async () => undefined,
	deactivateVolume: async () => undefined,
	volumeSize: async () => 0,
};
`;

let fleet: SimulatedFleet;
let folder = "";
let socket = "";
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "pk-tape-"));
	const plugins = join(folder, "plugins");
	await mkdir(plugins, { mode: 0o755 });
	await writeFile(join(plugins, "tape.mjs"), plugin);
	await chmod(join(plugins, "tape.mjs"), 0o644);
	const registry: Registry = builtInRegistry();
	const owner = process.getuid?.() ?? 0;
	expect(await loadPlugins(registry, { folder: plugins, owner })).toMatchObject([{ type: "tape" }]);
	fleet = await SimulatedFleet.start({
		nodes: ["n1", "n2"],
		registryOf: (node) => (node === "n1" ? registry : undefined),
	});
	socket = await fleet.listen();
});
afterAll(async () => {
	await fleet[Symbol.asyncDispose]();
	await rm(folder, { recursive: true, force: true });
});

const storage = (...args: readonly string[]) => run(["storage", ...args], { socket });

test("is told of with its properties and the nodes that have it", async () => {
	const { data } = await fleet.call("GET", "/cluster/storage-types");
	expect(data).toMatchObject([
		{ type: "multipath", nodes: null },
		{ type: "lvm", nodes: null },
		{ type: "dir", nodes: null },
		{ type: "tape", nodes: ["n1"], properties: { slots: { kind: "integer", maximum: 24 } } },
	]);
	const { out } = await storage("types");
	expect(out).toMatch(/^tape +n1 +images,backup +drive +content,disable,nodes,shared,slots$/m);
	expect(out).toMatch(/^lvm +all /m);
});

test("is checked by what the plugin says, and a storage of it is made on the node that has it", async () => {
	const wrong = await storage("add", "tape", "vault", "slots=99", "reel=7");
	expect(wrong.code).not.toBe(0);
	expect(wrong.err).toMatch(/slots.*24/);
	expect(wrong.err).toMatch(/reel/);
	expect(wrong.err).not.toMatch(/storage 'vault' added/);
	const missing = await storage("add", "tape", "vault", "slots=9", "nodes=n1");
	expect(missing.err).toMatch(/drive/);
	const added = await storage("add", "tape", "vault", "drive=/dev/nst0", "slots=9", "nodes=n1");
	expect(added).toMatchObject({ code: 0, out: "storage 'vault' added\n" });
	expect((await fleet.call("GET", "/storage/vault")).data).toMatchObject({
		type: "tape",
		drive: "/dev/nst0",
		slots: 9,
		nodes: "n1",
		content: "backup",
	});
	expect((await storage("status", "--node", "n1")).out).toMatch(/^vault +tape +active +4 +1 +3 +25\.00%$/m);
});

test("takes changes of what is not fixed", async () => {
	expect(await storage("set", "vault", "slots=12")).toMatchObject({ code: 0 });
	expect((await fleet.call("GET", "/storage/vault")).data).toMatchObject({ slots: 12 });
	expect((await storage("set", "vault", "drive=/dev/nst1")).err).toMatch(/drive/);
});

test("is not usable on a node without the plugin, which says so", async () => {
	expect(await storage("set", "vault", "--unset", "nodes")).toMatchObject({ code: 0 });
	const { out, err } = await storage("status", "--node", "n2");
	expect(out + err).toMatch(/vault.*of type 'tape', for which no plugin is loaded here/s);
	expect((await storage("status", "--node", "n1")).out).toMatch(/^vault +tape +active/m);
});

test("is left out, and told, while no node that has it is there", async () => {
	await fleet.stopAgent("n1");
	const { data } = await fleet.call("GET", "/storage");
	expect(data).toMatchObject([{ storage: "vault", type: "tape", left_out: 1 }]);
	fleet.startAgent("n1");
	await expect
		.poll(async () => (await fleet.call("GET", "/storage")).data)
		.toMatchObject([{ storage: "vault", type: "tape", slots: 12 }]);
	expect(await storage("remove", "vault")).toMatchObject({ code: 0 });
});

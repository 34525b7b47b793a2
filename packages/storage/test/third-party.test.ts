import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { APIAGE, APIVER, builtInRegistry, loadPlugins } from "../src/index.ts";

/** A plugin as somebody else writes one. */
const plugin = (type: string, more: { api?: string; properties?: string } = {}) => `
const later = async () => [];
export default {
	api: ${more.api ?? APIVER},
	definition: {
		type: "${type}", selectExisting: false, alwaysShared: false, sensitive: [],
		content: { valid: ["images"], default: ["images"] }, format: { valid: ["raw"], default: "raw" },
		properties: ${more.properties ?? "{}"}, options: { nodes: { optional: true } },
	},
	parseVolname: () => null, path: () => "/dev/null", volumeHasFeature: () => false,
	listImages: later, status: async () => ({ totalBytes: 0, availableBytes: 0, usedBytes: 0, active: true }),
	checkConnection: async () => null, activateStorage: later, deactivateStorage: later,
	activateVolume: later, deactivateVolume: later, volumeSize: async () => 0,
};
`;

describe("plugins of others", () => {
	let folder = "";
	const owner = process.getuid?.() ?? 0;
	beforeEach(async () => {
		folder = join(await mkdtemp(join(tmpdir(), "pk-plugins-")), "plugins");
		await mkdir(folder, { mode: 0o755 });
	});
	afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));
	const write = async (name: string, text: string, mode = 0o644) => {
		await writeFile(join(folder, name), text);
		await chmod(join(folder, name), mode);
	};

	it("are taken, and what is wrong with one touches no other", async () => {
		await write("a-good.mjs", plugin("tape"));
		await write("b-broken.mjs", "export default {");
		await write("c-throws.mjs", "throw new Error('no licence')");
		await write("d-none.mjs", "export default { api: 1 }");
		await write("e-new.mjs", plugin("newer", { api: String(APIVER + 1) }));
		await write("f-old.mjs", plugin("older", { api: String(APIVER - APIAGE - 1) }));
		await write("g-odd.mjs", plugin("odd", { api: "'1'" }));
		await write("h-twice.mjs", plugin("lvm"));
		await write(
			"i-clash.mjs",
			plugin("clash", { properties: "{ vgname: { kind: 'text', description: '' } }" }),
		);
		await write("j-open.mjs", plugin("open"), 0o666);
		await write("k-last.js", plugin("last"));
		await write("readme.txt", "no plugin");
		await symlink(join(folder, "a-good.mjs"), join(folder, "l-link.mjs"));
		const registry = builtInRegistry();
		const outcomes = await loadPlugins(registry, { folder, owner });
		const said = new Map(
			outcomes.map((outcome) => [
				outcome.file.slice(folder.length + 1).replace(/\..*$/, ""),
				"type" in outcome ? outcome.type : outcome.refused,
			]),
		);
		expect(said.get("a-good")).toBe("tape");
		expect(said.get("b-broken")).toMatch(/^it cannot be loaded: /);
		expect(said.get("c-throws")).toBe("it cannot be loaded: no licence");
		expect(said.get("d-none")).toMatch(/^its default export is no storage plugin/);
		expect(said.get("e-new")).toBe("it implements API version 2, which is newer than ours (1)");
		expect(said.get("f-old")).toMatch(/^it implements API version 0, which is too old/);
		expect(said.get("g-odd")).toMatch(/^its default export is no storage plugin/);
		expect(said.get("h-twice")).toBe("there is a plugin for type 'lvm' already");
		expect(said.get("i-clash")).toBe("property 'vgname' belongs to type 'lvm' already");
		expect(said.get("j-open")).toMatch(/is writable for others than root$/);
		expect(said.get("k-last")).toBe("last");
		expect(said.get("l-link")).toMatch(/is no plain file$/);
		expect(said.has("readme")).toBe(false);
		expect(registry.types.map(({ type }) => type)).toEqual(["multipath", "lvm", "dir", "tape", "last"]);
	});

	it("are not even read in a folder that others may write", async () => {
		await write("a.mjs", plugin("tape"));
		await chmod(folder, 0o777);
		const [outcome] = await loadPlugins(builtInRegistry(), { folder, owner });
		expect(outcome).toMatchObject({ refused: expect.stringContaining("is writable for others than root") });
	});

	it("of another owner are refused", async () => {
		await write("a.mjs", plugin("tape"));
		const [outcome] = await loadPlugins(builtInRegistry(), { folder, owner: owner + 1 });
		expect(outcome).toMatchObject({ refused: expect.stringContaining("does not belong to root") });
	});

	it("need not be there", async () => {
		expect(await loadPlugins(builtInRegistry(), { folder: join(folder, "none"), owner })).toEqual([]);
	});
});

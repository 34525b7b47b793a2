import { execFile } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiage, apiver, builtInRegistry, loadPlugins } from "../src/index.ts";

/** A plugin as somebody else writes one. */
const plugin = (type: string, more: { api?: string; properties?: string } = {}) => `
const later = async () => [];
export default {
	api: ${more.api ?? apiver},
	definition: {
		type: "${type}", selectExisting: false, alwaysShared: false, sensitive: [],
		content: { valid: ["images"], default: ["images"] }, format: { valid: ["raw"], default: "raw" },
		properties: ${more.properties ?? "{}"}, options: { nodes: { optional: true } },
	},
	parseVolname: () => null, path: () => "/dev/null",
	listImages: later, status: async () => ({ totalBytes: 0, availableBytes: 0, usedBytes: 0, active: true }),
	checkConnection: async () => null, activateStorage: later,
	activateVolume: later, deactivateVolume: later, volumeSize: async () => 0,
};
`;

interface LoadedInNode {
	readonly outcomes: readonly { readonly type?: string; readonly refused?: string }[];
	/** What came of the `import()` that a plugin left for later. */
	readonly later: string;
	/** Whether a module ran that should not. */
	readonly ran: boolean;
}

async function inNode(folder: string): Promise<LoadedInNode> {
	const index = new URL("../src/index.ts", import.meta.url).href;
	const script = `
		const { builtInRegistry, loadPlugins } = await import(${JSON.stringify(index)});
		const owner = process.getuid();
		const outcomes = await loadPlugins(builtInRegistry(), { folder: ${JSON.stringify(folder)}, owner });
		const later = await globalThis.later?.().then(() => "loaded", String);
		console.log(JSON.stringify({ outcomes, later, ran: globalThis.ranOpen === true }));
	`;
	const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
	return JSON.parse(stdout);
}

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
		return join(folder, name);
	};

	it("are taken, and what is wrong with one touches no other", async () => {
		await write("a-good.mjs", plugin("tape"));
		await write("b-broken.mjs", "export default {");
		await write("c-throws.mjs", "throw new Error('no licence')");
		await write("d-none.mjs", "export default { api: 1 }");
		await write("e-new.mjs", plugin("newer", { api: String(apiver + 1) }));
		await write("f-old.mjs", plugin("older", { api: String(apiver - apiage - 1) }));
		await write("g-odd.mjs", plugin("odd", { api: "'1'" }));
		await write("h-twice.mjs", plugin("lvm"));
		await write(
			"i-clash.mjs",
			plugin("clash", { properties: "{ vgname: { kind: 'text', description: '' } }" }),
		);
		await write(
			"m-secret.mjs",
			plugin("secretive", { properties: "{ 'chap-password': { kind: 'text', description: '' } }" }),
		);
		await write("j-open.mjs", plugin("open"), 0o666);
		await write("k-last.js", plugin("last", { api: String(apiver - apiage) }));
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
		expect(said.get("d-none")).toMatch(/^its default export is not a storage plugin/);
		expect(said.get("e-new")).toBe(
			`it implements API version ${apiver + 1}, which is newer than ours (${apiver})`,
		);
		expect(said.get("f-old")).toMatch(
			/^it implements API version 1, which is too old \(we take 2\); update the plugin$/,
		);
		expect(said.get("g-odd")).toMatch(/^its default export is not a storage plugin/);
		expect(said.get("h-twice")).toBe("there is a plugin for type 'lvm' already");
		expect(said.get("i-clash")).toBe("property 'vgname' belongs to type 'lvm' already");
		expect(said.get("m-secret")).toBe(
			"its property 'chap-password' is a secret by its name and is not in `sensitive`; keep it on the nodes, in a file that only root can read, and set a property to the path of that file",
		);
		expect(said.get("j-open")).toMatch(/is writable by users other than root$/);
		expect(said.get("k-last")).toBe("last");
		expect(said.get("l-link")).toMatch(/is not a plain file$/);
		expect(said.has("readme")).toBe(false);
		expect(registry.types.map(({ type }) => type)).toEqual(["multipath", "lvm", "dir", "tape", "last"]);
	});

	it("are not even read in a folder that others may write", async () => {
		await write("a.mjs", plugin("tape"));
		await chmod(folder, 0o777);
		const [outcome] = await loadPlugins(builtInRegistry(), { folder, owner });
		expect(outcome).toMatchObject({
			refused: expect.stringContaining("is writable by users other than root"),
		});
	});

	it.runIf(owner === 0)("of another owner are refused, and all in a folder of another owner", async () => {
		const file = await write("a.mjs", plugin("tape"));
		const outcome = async () => (await loadPlugins(builtInRegistry(), { folder }))[0];
		await chown(file, 1000, 0);
		expect(await outcome()).toMatchObject({ refused: `${file} does not belong to root (uid 1000)` });
		await chown(file, 0, 0);
		await chown(join(folder, ".."), 1000, 0);
		expect(await outcome()).toMatchObject({
			refused: `${join(folder, "..")} does not belong to root (uid 1000)`,
		});
	});

	it("are refused below a folder that others may write", async () => {
		const file = await write("a.mjs", plugin("tape"));
		const above = join(folder, "..");
		await chmod(above, 0o777);
		expect(await loadPlugins(builtInRegistry(), { folder, owner })).toEqual([
			{ file, refused: `${above} is writable by users other than root` },
		]);
		// As /tmp: what root made there stays where it is.
		await chmod(above, 0o1777);
		expect(await loadPlugins(builtInRegistry(), { folder, owner })).toEqual([{ file, type: "tape" }]);
	});

	it("are refused for any module that they import, by whatever means", async () => {
		await mkdir(join(folder, "lib"));
		const lib = (name: string) => join(folder, "lib", name);
		const open = async (name: string, text: string) => {
			await writeFile(lib(name), text);
			await chmod(lib(name), 0o666);
		};
		await open("open.mjs", "globalThis.ranOpen = true;");
		await open("open.cjs", "globalThis.ranOpen = true;");
		await open("open.json", "{}");
		await writeFile(lib("between.mjs"), "import './open.mjs';");
		await writeFile(lib("between.cjs"), "require('./open.cjs');");
		await writeFile(lib("closed.mjs"), "export const later = () => import('./open.mjs');");
		const uses = (text: string, type: string) => `${text}\n${plugin(type)}`;
		await write("a.mjs", uses("import './lib/open.mjs';", "aa"));
		await write("b.mjs", uses("import './lib/between.mjs';", "ab"));
		await write("c.mjs", uses("import './lib/between.cjs';", "ac"));
		await write("d.mjs", uses("await import('./lib/open.mjs?again');", "ad"));
		const require =
			"import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
		await write("e.mjs", uses(`${require} require('./lib/open.cjs');`, "ae"));
		await write("f.mjs", uses("import data from './lib/open.json' with { type: 'json' };", "af"));
		await write("g.mjs", uses("import 'data:text/javascript,import%20%22./x.mjs%22';", "ag"));
		await write(
			"h.mjs",
			uses("import * as closed from './lib/closed.mjs'; globalThis.later = closed.later;", "ah"),
		);
		// The test runner loads modules in a way of its own, so this is done where the daemon does it: in Node itself.
		const { outcomes, later, ran } = await inNode(folder);
		const words = outcomes.map(({ type, refused }) => type ?? refused);
		const files = ["open.mjs", "open.mjs", "open.cjs", "open.mjs", "open.cjs", "open.json"];
		for (const [at, file] of files.entries())
			expect(words[at]).toContain(`${lib(file)} is writable by users other than root`);
		expect(words[6]).toMatch(/^it cannot be loaded/);
		expect(words[7]).toBe("ah");
		expect(later).toContain(`${lib("open.mjs")} is writable by users other than root`);
		expect(ran).toBe(false);
	});

	it("need not be there", async () => {
		expect(await loadPlugins(builtInRegistry(), { folder: join(folder, "none"), owner })).toEqual([]);
	});
});

import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { milk, SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { run } from "../console.ts";

/** What bash offers at the end of a command line, by the script. */
async function offered(...line: readonly string[]): Promise<string[]> {
	const { out } = await run(["completion"]);
	const words = ["pathkeeper", ...line].map((word) => `'${word}'`).join(" ");
	const ask = `${out}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _pathkeeper; printf '%s\\n' "\${COMPREPLY[@]}"`;
	const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", ask], { encoding: "utf8" });
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	return stdout.split("\n").filter((word) => word !== "");
}

describe("the shell", () => {
	test("completes commands, and those below them", async () => {
		expect(await offered("lu")).toEqual(["lun"]);
		expect(await offered("lun", "")).toEqual(
			expect.arrayContaining(["list", "show", "allow", "forget", "set"]),
		);
		expect(await offered("--output", "json", "task", "l")).toEqual(["list", "log"]);
	});

	test("completes options, everybody's included, and the words that an option may have", async () => {
		expect(await offered("lun", "allow", "x", "--d")).toEqual(["--digest"]);
		expect(await offered("log", "--so")).toEqual(["--socket"]);
		expect(await offered("log", "--kind", "f")).toEqual(["finding"]);
		expect(await offered("audit", "--kind", "l")).toEqual(["login", "lun"]);
		expect(await offered("-o", "nd")).toEqual(["ndjson"]);
	});

	test("completes files where a value is free", async () => {
		const folder = mkdtempSync(join(tmpdir(), "pk-complete-"));
		writeFileSync(join(folder, "multipath.cfg"), "");
		expect(await offered("conf", "render", "--config", `${folder}/mul`)).toEqual([`${folder}/multipath.cfg`]);
		rmSync(folder, { recursive: true });
	});

	test("completes settings with their words, for LUNs, for the fleet and for storages", async () => {
		expect(await offered("lun", "allow", "x", "no-p")).toEqual(["no-path-retry="]);
		expect(await offered("lun", "set", "x", "al")).toEqual(["alias="]);
		expect(await offered("config", "set", "polling")).toEqual(["polling-interval="]);
		expect(await offered("lun", "set", "x", "path-grouping-policy", "=", "multi")).toEqual(["multibus"]);
		expect(await offered("lun", "set", "x", "path-grouping-policy", "=")).toContain("failover");
		expect(await offered("storage", "set", "san", "vg")).toEqual(["vgname="]);
	});

	test("completes names of LUNs, nodes and storages, as the daemon has them", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
		const socket = await fleet.listen();
		await fleet.call("PUT", "/cluster/multipath/config", { text: `wwid: ${milk}\n\talias milk-run\n` });
		await fleet.call("POST", "/storage", { storage: "san", type: "multipath" });
		const main = resolve(import.meta.dirname, "../../../pathkeeper/src/main.ts");
		const offeredNow = async (...line: readonly string[]) => {
			const { out } = await run(["completion"]);
			const words = ["pathkeeper", ...line].map((word) => `'${word}'`).join(" ");
			const ask = `pathkeeper() { '${process.execPath}' '${main}' "$@"; }\n${out}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _pathkeeper; printf '%s\\n' "\${COMPREPLY[@]}"`;
			const env = { ...process.env, PATHKEEPER_SOCKET: socket };
			const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", ask], { env });
			return stdout.split("\n").filter((word) => word !== "");
		};
		expect(await offeredNow("lun", "show", "mil")).toEqual(["milk-run"]);
		expect(await offeredNow("lun", "forget", milk.slice(0, 8))).toEqual([milk]);
		expect(await offeredNow("log", "--lun", "mil")).toEqual(["milk-run"]);
		expect(await offeredNow("node", "show", "")).toEqual(expect.arrayContaining(["n1", "n2"]));
		expect(await offeredNow("map", "list", "--node", "n")).toEqual(["n1", "n2"]);
		expect(await offeredNow("storage", "remove", "s")).toEqual(["san"]);
		expect(await offeredNow("lun", "allow", "3")).not.toContain(milk);
	});

	test("offers no names and no error where nobody answers", async () => {
		const { code, out, err } = await run(["--socket", "/nowhere/api.sock", "names", "luns"]);
		expect({ code, out, err }).toEqual({ code: 0, out: "", err: "" });
	});

	test("zsh is given a script of its own", async () => {
		const { out } = await run(["completion", "--shell", "zsh"]);
		expect(out).toMatch(/^autoload -U \+X bashcompinit/);
		expect(out).not.toContain("mapfile");
		expect((await run(["completion", "--shell", "tcsh"])).code).toBe(2);
	});
});

describe("help", () => {
	const everything = [
		[],
		...["lun", "map", "node", "storage", "config", "task", "user", "token", "acl", "conf"].map((name) => [
			name,
		]),
		...[["status"], ["log"], ["verdict"], ["completion"], ["version"]],
		...["lun allow", "lun set", "lun forget", "config set", "config apply", "config diff"].map((line) =>
			line.split(" "),
		),
		...["storage add", "storage alloc", "storage scan", "acl add", "token add", "conf render"].map((line) =>
			line.split(" "),
		),
	];

	test.each([40, 60, 80, 120])("fits a terminal of %i columns", async (columns) => {
		for (const command of everything) {
			const { code, out } = await run([...command, "--help"], { columns });
			expect(code).toBe(0);
			// A word that has no blank cannot be broken.
			const wide = out.split("\n").filter((line) => line.length > columns && /\S\s+\S.*\s/.test(line.trim()));
			expect({ command, wide }).toEqual({ command, wide: [] });
		}
	});

	test("names the settings that a command takes, with their words", async () => {
		const { out } = await run(["lun", "set", "--help"], { columns: 80 });
		expect(out).toMatch(/\nSettings:\n {2}alias: /);
		expect(out).toMatch(/\n {2}no-path-retry: /);
		expect((await run(["config", "set", "--help"])).out).toMatch(/\n {2}polling-interval: /);
		expect((await run(["storage", "add", "--help"])).out).toMatch(/\n {2}vgname: Volume group\n/);
	});

	test("--version is one line", async () => {
		for (const flag of ["--version", "-V"])
			expect(await run([flag])).toMatchObject({ code: 0, out: "pathkeeper 1.2.3\n", err: "" });
	});
});

describe("the manual page", () => {
	test("tells every command with its options, in nothing but the macros of man", async () => {
		const { code, out } = await run(["man"]);
		expect(code).toBe(0);
		for (const head of [
			"pathkeeper lun allow <wwid> [settings...]",
			"pathkeeper log",
			"pathkeeper task log <upid>",
		])
			expect(out).toContain(`\n.B ${head}\n`);
		expect(out).toContain("\\fB\\-f\\fR, \\fB\\-\\-follow\\fR\n");
		const macros = out
			.split("\n")
			.filter((line) => /^[.']/.test(line))
			.map((line) => line.split(" ")[0]);
		expect([...new Set(macros)].sort()).toEqual([".B", ".BR", ".I", ".RE", ".RS", ".SH", ".TH", ".TP"]);
		expect(out).not.toMatch(/\\(?![-efc&])/);
		expect(out).toContain("\\fBno\\-path\\-retry\\fR\n");
		expect(out).not.toContain("pathkeeper names");
	});
});

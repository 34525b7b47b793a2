import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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
		expect(await offered("-o", "nd")).toEqual(["ndjson"]);
	});

	test("completes files where a value is free", async () => {
		const folder = mkdtempSync(join(tmpdir(), "pk-complete-"));
		writeFileSync(join(folder, "multipath.cfg"), "");
		expect(await offered("conf", "render", "--config", `${folder}/mul`)).toEqual([`${folder}/multipath.cfg`]);
		rmSync(folder, { recursive: true });
	});

	test("zsh is given a script of its own", async () => {
		const { out } = await run(["completion", "--shell", "zsh"]);
		expect(out).toMatch(/^autoload -U \+X bashcompinit/);
		expect(out).not.toContain("mapfile");
		expect((await run(["completion", "--shell", "tcsh"])).code).toBe(2);
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
	});
});

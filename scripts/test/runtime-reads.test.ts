import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checks } from "../check.ts";
import { checkRuntimeReads } from "../runtime-reads.ts";

const root = join(import.meta.dirname, "../..");
const [adapter, ofPage] = ["packages/pathkeeper/src/runtime/real-runtime.ts", "packages/web/src/runtime.ts"];
const file = "packages/agent/src/loop.ts";
let tree: string;

function write(path: string, text: string): void {
	mkdirSync(join(tree, path, ".."), { recursive: true });
	writeFileSync(join(tree, path), text);
}

beforeAll(() => {
	tree = mkdtempSync(join(tmpdir(), "runtime-reads-"));
	write(adapter, "export const now = () => Date.now();\n");
	write(ofPage, "export const now = () => Date.now();\n");
	write("packages/agent/test/loop.test.ts", "setTimeout(() => undefined, 1);\n");
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** What is found in one source of the agent, without where. */
function found(text: string): readonly string[] {
	write(file, text);
	return checkRuntimeReads(tree).map(
		(breach) => /^packages\/agent\/src\/loop\.ts:(\d+ reads .*); take/.exec(breach)?.[1] ?? breach,
	);
}

describe("a clock, a timer, randomness or the process id", () => {
	it("is read by none of the packages", () => {
		expect(checkRuntimeReads(root)).toEqual([]);
	});

	it.each([
		["const at = Date.now();", "Date.now"],
		['const at = Date["now"]();', "Date.now"],
		["const at = globalThis.Date.now();", "Date.now"],
		["const at = new Date();", "new Date()"],
		["const at = Date();", "Date"],
		["const clock = Date;", "Date"],
		["const { now } = Date;", "Date"],
		["const clock = { Date };", "Date"],
		["const read = (part: string) => Reflect.get(Date, part);", "Date"],
		["const at = performance.now();", "performance"],
		["const { now } = performance;", "performance"],
		["setTimeout(() => undefined, 5);", "setTimeout"],
		["globalThis.setInterval(() => undefined, 5);", "setInterval"],
		["const wait = setImmediate;", "setImmediate"],
		["const signal = AbortSignal.timeout(5);", "AbortSignal.timeout"],
		["const chance = Math.random();", "Math.random"],
		["const chance = Math[name]();", "Math.[…]"],
		["const id = crypto.randomUUID();", "crypto.randomUUID"],
		["crypto.getRandomValues(new Uint8Array(1));", "crypto.getRandomValues"],
		["const pid = process.pid;", "process.pid"],
		["const { pid } = process;", "process"],
		["const at = process.hrtime.bigint();", "process.hrtime"],
		['import { setTimeout as delay } from "node:timers/promises";', "node:timers/promises"],
		['import * as timers from "timers";', "timers"],
		['import { performance as clock } from "node:perf_hooks";', "node:perf_hooks"],
		['const timers = await import("node:timers");', "node:timers"],
		['import { createHash, randomBytes as bytes } from "node:crypto";', "randomBytes of node:crypto"],
		['import crypto from "node:crypto";', "default of node:crypto"],
		['import * as crypto from "node:crypto";', "* of node:crypto"],
		['export { randomInt } from "node:crypto";', "randomInt of node:crypto"],
		['import { pid } from "node:process";', "node:process"],
	])("%s is refused", (line, what) => {
		expect(found(`export const one = 1;\n${line}\n`)).toEqual([`2 reads ${what}`]);
	});

	it.each([
		"const text = new Date(at).toISOString();",
		"const at = Date.parse(text) + Date.UTC(2026, 0);",
		"const isDate = value instanceof Date;",
		"function textOf(at: Date): string { return at.toISOString(); }",
		"const most = Math.max(1, 2);",
		"const signal = AbortSignal.any([]);",
		"process.exitCode = 1;",
		'import { createHash } from "node:crypto";',
		"socket.setTimeout(0);",
		"const at = runtime.now() + runtime.monotonic();",
		"const options = { setTimeout: 5, performance: null };",
		'// Date.now()\nconst text = "setTimeout(5)";',
	])("%s is none", (line) => {
		expect(found(line)).toEqual([]);
	});

	it("is read in the adapters and in tests only", () => {
		expect(found("export const one = 1;\n")).toEqual([]);
		rmSync(join(tree, adapter));
		expect(checkRuntimeReads(tree)).toEqual([`${adapter} is not there any more; name its new place`]);
		write(adapter, "");
	});

	it("fails the check of the whole project", () => {
		write(file, "export const at = Date.now();\n");
		const check = checks.find(({ argv }) => argv.includes("scripts/check-runtime-reads.ts"));
		const [program = "", script = ""] = check?.argv ?? [];
		const run = spawnSync(program, [join(root, script)], { cwd: tree, encoding: "utf8" });
		expect([run.status, run.stderr]).toEqual([1, expect.stringContaining(`${file}:1 reads Date.now`)]);
	});
});

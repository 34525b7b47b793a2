import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { badWaits, checkWaitsInTests } from "../waits-in-tests.ts";

const root = join(import.meta.dirname, "../..");
/** The forms are written with a `~` in them, so that the check does not find them in this file. */
const form = (text: string) => text.replaceAll("~", "");

describe("the check for waits in tests", () => {
	it("finds nothing in the tests of this project", () => {
		expect(checkWaitsInTests(root)).toEqual([]);
	});

	it("finds a planted pause, with file and line", () => {
		const tree = mkdtempSync(join(tmpdir(), "pk-waits-"));
		onTestFinished(() => rmSync(tree, { recursive: true }));
		for (const folder of ["packages/agent/test/apply", "scripts/test"])
			mkdirSync(join(tree, folder), { recursive: true });
		const text = form(`it("x", async () => {\n\tawait delay(~300);\n\texpect(told).toEqual([]);\n});\n`);
		writeFileSync(join(tree, "packages/agent/test/apply/x.test.ts"), text);
		expect(checkWaitsInTests(tree)).toEqual([
			"packages/agent/test/apply/x.test.ts:2 pauses for a fixed time; wait for an event, or count rounds",
		]);
	});

	it.each([
		["a pause", "\tawait new Promise((resolve) => setTimeout(resolve, ~1_000));\n"],
		["a pause in a function in a loop", "for (;;) {\n\ttest(() => {\n\t\tawait sleep(~5);\n\t});\n}\n"],
		["a pause after a loop", "\tfor (;;) {\n\t\tgo();\n\t}\n\tawait delay(~5);\n"],
		["an elapsed time", "\texpect(Date.now() ~- begun).toBeLessThan(5);\n"],
		["an elapsed time of the process", "\texpect((performance.now() ~- begun) / 2).toBeLessThan(5);\n"],
		["a short limit of a wait", "\tawait expect.poll(look, { timeout: ~30_000 }).toBe(1);\n"],
		["a short limit of a test", 'test("x", { timeout: ~60_000 }, () => {\n'],
		["a short limit at the end of a test", "\t}, ~60_000);\n"],
		["a short limit of all tests", "vi.setConfig({ testTimeout: ~60_000 });\n"],
	])("refuses %s", (_, text) => {
		expect(badWaits(form(text))).toHaveLength(1);
	});

	it.each([
		["a pause between two attempts", "\twhile (!(await holds())) await delay(~20);\n"],
		["a pause in the head of a loop", "\tfor (;; await delay(~20)) {\n\t\tgo();\n\t}\n"],
		["a pause in a block in a loop", "\tfor (;;) {\n\t\tif (x) {\n\t\t\tawait delay(~20);\n\t\t}\n\t}\n"],
		["a time that the test moves", "\tawait clock.sleep(~5_000);\n\tawait delay(ms);\n"],
		["a long limit of a wait", "\tawait expect.poll(look, { timeout: ~90_000 }).toBe(1);\n"],
		["a long limit of a test", 'test("x", { timeout: ~300_000 }, () => {\n'],
	])("allows %s", (_, text) => {
		expect(badWaits(form(text))).toEqual([]);
	});
});

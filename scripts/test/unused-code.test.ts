/** Unused code, planted in a small tree that the project's own configurations look at. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checks } from "../check.ts";

const root = join(import.meta.dirname, "../..");
const looks = checks.map(({ argv }) => argv).filter(([program]) => program === "knip");
let tree: string;

function write(file: string, text: string): void {
	mkdirSync(dirname(join(tree, file)), { recursive: true });
	writeFileSync(join(tree, file), text);
}

/** A package `model`, with a test, that the executable uses. */
beforeAll(() => {
	tree = mkdtempSync(join(tmpdir(), "unused-code-"));
	for (const file of ["knip.json", "knip.product.json"]) cpSync(join(root, file), join(tree, file));
	const manifest = (fields: object) => JSON.stringify({ private: true, type: "module", ...fields });
	write(
		"package.json",
		manifest({ name: "tree", workspaces: ["packages/*"], devDependencies: { vitest: "*" } }),
	);
	cpSync(join(root, "vitest.config.ts"), join(tree, "vitest.config.ts"));
	write("packages/model/package.json", manifest({ name: "@pathkeeper/model", exports: "./src/index.ts" }));
	write("packages/model/src/index.ts", 'export * from "./size.ts";\n');
	write("packages/model/test/size.test.ts", 'import "../src/index.ts";\n');
	const dependencies = { "@pathkeeper/model": "*" };
	write("packages/pathkeeper/package.json", manifest({ name: "@pathkeeper/pathkeeper", dependencies }));
	write("packages/pathkeeper/src/main.ts", 'import { sizeText } from "@pathkeeper/model";\nsizeText(1);\n');
	mkdirSync(join(tree, "node_modules/@pathkeeper"), { recursive: true });
	symlinkSync(join(tree, "packages/model"), join(tree, "node_modules/@pathkeeper/model"));
	for (const name of ["knip", "vitest"])
		symlinkSync(join(root, "node_modules", name), join(tree, "node_modules", name));
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** What the checks say while the package holds one more function and the test these lines; null: nothing is wrong. */
function complaints(planted: string, test = ""): readonly (string | null)[] {
	write(
		"packages/model/src/size.ts",
		`export const sizeText = (bytes: number): string => String(bytes);\n${planted}`,
	);
	write(
		"packages/model/test/size.test.ts",
		`import * as model from "../src/index.ts";\nmodel.sizeText(1);\n${test}`,
	);
	return looks.map(([program = "", ...args]) => {
		const run = spawnSync(join(root, "node_modules/.bin", program), args, { cwd: tree, encoding: "utf8" });
		return run.status === 0 ? null : run.stdout + run.stderr;
	});
}

const dead = "export function deadText(): string {\n\treturn String(sizeText(2));\n}\n";

describe("the checks for unused code", () => {
	it("find nothing in code that is used", () => {
		expect(complaints("")).toEqual([null, null]);
	});

	it("find an export that nobody uses, although the package gives it to others", () => {
		expect(complaints(dead)).toEqual([
			expect.stringContaining("deadText"),
			expect.stringContaining("deadText"),
		]);
	});

	it("find an export that only a test uses", () => {
		expect(complaints(dead, "model.deadText();\n")).toEqual([null, expect.stringContaining("deadText")]);
	});
});

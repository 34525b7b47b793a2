import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allowedImports } from "../import-rules.ts";
import { checkWorkBorders } from "../work-borders.ts";

const root = join(import.meta.dirname, "../..");
/** Packages that the agent is compiled from. */
const packages = ["agent", ...(allowedImports["agent"] ?? [])];
let tree: string;

/** The project's own sources, so that something can be planted in them. */
beforeAll(() => {
	tree = mkdtempSync(join(tmpdir(), "work-table-"));
	symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
	for (const file of ["tsconfig.base.json", "package.json"]) cpSync(join(root, file), join(tree, file));
	for (const name of [...packages, "server"]) {
		mkdirSync(join(tree, "packages", name), { recursive: true });
		for (const part of ["src", "package.json"])
			cpSync(join(root, "packages", name, part), join(tree, "packages", name, part), { recursive: true });
	}
	const config = {
		extends: "./tsconfig.base.json",
		compilerOptions: { composite: false, emitDeclarationOnly: false, noEmit: true, types: ["node"] },
		files: ["packages/agent/src/work/works.ts"],
	};
	writeFileSync(join(tree, "tsconfig.json"), JSON.stringify(config));
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** Runs `work` while a source is changed. */
function withChange<T>(file: string, change: (text: string) => string, work: () => T): T {
	const path = join(tree, "packages", file);
	const text = readFileSync(path, "utf8");
	const changed = change(text);
	expect(changed).not.toBe(text);
	writeFileSync(path, changed);
	try {
		return work();
	} finally {
		writeFileSync(path, text);
	}
}

function compiled(): string {
	const run = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", "."], { cwd: tree, encoding: "utf8" });
	return run.stdout + run.stderr;
}

const planted = `
export const lunPolish = defineTask({
	type: "lunpolish",
	kind: "change",
	subject: "wwid",
	summary: "Polish a LUN",
	argument,
	result: Type.Null(),
});
`;
const handler = `	lunPolish: { turn: "alone", do: async () => null },
};
`;

describe("the table of tasks", () => {
	it("has a handler for every task and no other", () => {
		expect(compiled()).toBe("");
	});

	it("does not compile with a task that no agent carries out", () => {
		const output = withChange("model/src/tasks/lun-tasks.ts", (text) => text + planted, compiled);
		expect(output).toMatch(/agent\/src\/work\/works\.ts.*error TS2741: Property 'lunPolish' is missing/);
	});

	it("does not compile with a handler of no task", () => {
		const output = withChange(
			"agent/src/work/lun-works.ts",
			(text) => text.replace(/^};\n/m, handler),
			compiled,
		);
		expect(output).toMatch(/agent\/src\/work\/lun-works\.ts.*error TS2353: .*'lunPolish' does not exist/);
	});

	it("does not compile with a handler that takes or gives something else", () => {
		const takes = withChange(
			"agent/src/work/lun-works.ts",
			(text) => text.replace("{ wwid }) => {", "{ wwn }) => {"),
			compiled,
		);
		expect(takes).toMatch(/error TS2339: Property 'wwn' does not exist/);
		const gives = withChange(
			"agent/src/work/volume-works.ts",
			(text) => text.replace("return { volume: await allocVolume", "return { volid: await allocVolume"),
			compiled,
		);
		expect(gives).toMatch(/agent\/src\/work\/volume-works\.ts.*error TS/);
	});
});

describe("a border that tasks cross", () => {
	it("holds no unknown form", () => {
		expect(checkWorkBorders(root)).toEqual([]);
	});

	it.each([
		["store/src/documents/tasks.ts", "export interface Planted {\n\treadonly argument: unknown;\n}\n"],
		["store/src/documents/task-result.ts", "export type Planted = Promise<unknown>;\n"],
		["agent/src/work/works.ts", "export const planted: (result: unknown) => void = () => {};\n"],
		["agent/src/work/work.ts", "export const planted = Type.Unknown();\n"],
		["server/src/tasks/run-on-node.ts", "export type Planted = Map<string, unknown>;\n"],
		["server/src/questions/questions.ts", "export let planted: unknown;\n"],
	])("%s is refused with one", (file, line) => {
		const breaches = withChange(
			file,
			(text) => text + line,
			() => checkWorkBorders(tree),
		);
		expect(breaches).toEqual([expect.stringContaining(`packages/${file}:`)]);
	});

	it("may say the word in comments and texts, and of what is thrown", () => {
		const words = `/** unknown */\nexport const planted = "unknown"; // unknown\ntry { planted; } catch (error: unknown) { throw error; }\n`;
		const breaches = withChange(
			"agent/src/work/works.ts",
			(text) => text + words,
			() => checkWorkBorders(tree),
		);
		expect(breaches).toEqual([]);
	});

	it("is missed when it moves", () => {
		rmSync(join(tree, "packages/server/src/questions"), { recursive: true });
		mkdirSync(join(tree, "packages/server/src/questions"));
		expect(checkWorkBorders(tree)).toEqual([
			"packages/server/src/questions has no file of work any more; name its new place",
		]);
	});
});

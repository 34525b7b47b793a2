import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allowedImports, checkImportRules } from "../import-rules.ts";

const root = join(import.meta.dirname, "../..");
const packages = readdirSync(join(root, "packages"));
let tree: string;

/** A tree with the project's own rules and packages that hold one line each. */
beforeAll(() => {
	tree = mkdtempSync(join(tmpdir(), "import-rules-"));
	for (const file of ["tsconfig.base.json", "package.json"]) cpSync(join(root, file), join(tree, file));
	mkdirSync(join(tree, "node_modules/@pathkeeper"), { recursive: true });
	symlinkSync(join(root, "node_modules/@types"), join(tree, "node_modules/@types"));
	for (const name of packages) {
		mkdirSync(join(tree, "packages", name, "src"), { recursive: true });
		for (const file of ["package.json", "tsconfig.json"]) {
			cpSync(join(root, "packages", name, file), join(tree, "packages", name, file));
		}
		symlinkSync(join(tree, "packages", name), join(tree, "node_modules/@pathkeeper", name));
		writeFileSync(join(tree, "packages", name, "src/index.ts"), `export const ${name} = true;\n`);
	}
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** Runs `work` while a package holds one more file. */
function withFile<T>(name: string, text: string, work: () => T): T {
	const file = join(tree, "packages", name, "src/planted.ts");
	writeFileSync(file, text);
	try {
		return work();
	} finally {
		rmSync(file);
	}
}

function tool(program: string, ...args: string[]): { status: number | null; output: string } {
	const run = spawnSync(join(root, "node_modules/.bin", program), args, { cwd: tree, encoding: "utf8" });
	return { status: run.status, output: run.stdout + run.stderr };
}

describe("the import rules", () => {
	it("hold in this project", () => {
		expect(checkImportRules(root)).toEqual([]);
	});

	it("name every package there is", () => {
		expect(packages.filter((name) => !(name in allowedImports))).toEqual([]);
	});

	it("are clean in a tree without violations, for the checker and the compiler", () => {
		expect(checkImportRules(tree)).toEqual([]);
		expect(tool("tsc", "-b", ...packages.map((name) => `packages/${name}`))).toMatchObject({ status: 0 });
	});

	const violations = packages.flatMap((name) =>
		packages
			.filter((other) => other !== name && !(allowedImports[name] ?? []).includes(other))
			.map((other) => [name, other] as const),
	);

	it.each(violations)("are broken by %s importing %s, and the checker says so", (name, other) => {
		const line = `export { ${other} } from "@pathkeeper/${other}";\n`;
		withFile(name, line, () => {
			expect(checkImportRules(tree)).toEqual([
				expect.stringContaining(`packages/${name}/src/planted.ts imports ${other}`),
			]);
		});
	});

	it.each([
		'import { host } from "@pathkeeper/host";',
		'import type { Host } from "@pathkeeper/host";',
		'import "@pathkeeper/host";',
		'export * from "@pathkeeper/host";',
		'import {\n\thost,\n} from "@pathkeeper/host";',
		'export const host = await import("@pathkeeper/host");',
		"export const host = await import(`@pathkeeper/host`);",
		'export type Host = import("@pathkeeper/host").Host;',
		'export const host = require("@pathkeeper/host");',
	])("are broken by %s in whichever form it stands", (line) => {
		withFile("server", `${line}\n`, () => {
			expect(checkImportRules(tree)).toEqual([
				"packages/server/src/planted.ts imports host; server may import: model, store",
			]);
		});
	});

	it("are broken by those imports for the compiler, which misses the project reference", () => {
		for (const [name, other] of violations.filter(([name]) => name !== "pathkeeper")) {
			const line = `export { ${other} } from "@pathkeeper/${other}";\n`;
			const { status, output } = withFile(name, line, () => tool("tsc", "-p", `packages/${name}`));
			expect(output).toMatch(/error TS(6059|6307)/);
			expect(status).not.toBe(0);
		}
	});

	it("are broken by an entry of a package that is for others", () => {
		withFile("agent", 'export { RealLvm } from "@pathkeeper/host/parts";\n', () => {
			expect(checkImportRules(tree)).toEqual([expect.stringContaining("planted.ts imports host/parts;")]);
		});
	});

	it("are broken by a node: module in a package that runs in browsers", () => {
		withFile("model", 'export { readFileSync } from "node:fs";\n', () => {
			expect(checkImportRules(tree)).toEqual([expect.stringContaining("imports node:fs")]);
			expect(tool("tsc", "-p", "packages/model").status).not.toBe(0);
		});
	});

	it("are broken by a relative import that leaves its package", () => {
		withFile("server", 'export { host } from "../../host/src/index.ts";\n', () => {
			expect(checkImportRules(tree)).toEqual([expect.stringContaining("../../host/src/index.ts")]);
		});
	});

	it("are broken by a dependency in package.json", () => {
		const file = join(tree, "packages/server/package.json");
		writeFileSync(file, JSON.stringify({ dependencies: { "@pathkeeper/host": "*" } }));
		expect(checkImportRules(tree)).toEqual([expect.stringContaining("package.json depends on host")]);
		cpSync(join(root, "packages/server/package.json"), file);
	});
});

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importCircles } from "../import-circles.ts";

const project = join(import.meta.dirname, "../..");
let root: string;

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "import-circles-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), text);
}

describe("circles of imports", () => {
	it("are in no file of this project", () => {
		expect(importCircles(project)).toEqual([]);
	});

	it("are found between two files, also when both import only types", () => {
		write("src/a.ts", 'import type { B } from "./b.ts";\nexport type A = { readonly b: B | null };\n');
		write("src/b.ts", 'import type { A } from "./a.ts";\nexport type B = { readonly a: A | null };\n');
		expect(importCircles(root)).toEqual(["src/a.ts -> src/b.ts -> src/a.ts"]);
	});

	it.each([
		['export { one } from "../y/two.ts";', "a re-export"],
		['export * from "../y/two.ts";', "a re-export of everything"],
		['import "../y/two.ts";', "an import for its effects"],
		['const { two } = await import("../y/two.ts");', "an import at run time"],
		['type Two = import("../y/two.ts").Two;', "a type imported in place"],
		['import {\n\ttype Two,\n\ttwo,\n} from "../y/two.ts";', "an import over several lines"],
	])("are found through %j, %s", (line) => {
		write("x/one.ts", `${line}\n`);
		write("y/two.ts", 'export { three } from "./three.tsx";\n');
		write("y/three.tsx", 'import type { One } from "../x/one.ts";\n');
		expect(importCircles(root)).toEqual(["x/one.ts -> y/two.ts -> y/three.tsx -> x/one.ts"]);
	});

	it("are named once each, with the shortest circle of a file, and without files that only lead to them", () => {
		write("a.ts", 'import "./b.ts";\nimport "./c.ts";\n');
		write("b.ts", 'import "./a.ts";\n');
		write("c.ts", 'import "./d.ts";\n');
		write("d.ts", 'import "./a.ts";\n');
		write("entry.ts", 'import "./a.ts";\n');
		expect(importCircles(root)).toEqual(["a.ts -> b.ts -> a.ts", "a.ts -> c.ts -> d.ts -> a.ts"]);
	});

	it("are not seen in two files that share a third, nor in what is installed or built", () => {
		write("a.ts", 'import "./c.ts";\nimport "./b.ts";\n');
		write("b.ts", 'import "./c.ts";\n');
		write("c.ts", 'import "@pathkeeper/model";\n');
		for (const folder of ["node_modules/x", "dist", ".tools"]) {
			write(`${folder}/one.ts`, 'import "./two.ts";\n');
			write(`${folder}/two.ts`, 'import "./one.ts";\n');
		}
		expect(importCircles(root)).toEqual([]);
	});

	it("make the check of the imports fail, and their line names the files", () => {
		for (const name of readdirSync(join(project, "packages"))) {
			write(`packages/${name}/src/index.ts`, "export const here = true;\n");
			for (const file of ["package.json", "tsconfig.json"])
				cpSync(join(project, "packages", name, file), join(root, "packages", name, file));
		}
		const check = () =>
			spawnSync(process.execPath, [join(project, "scripts/check-imports.ts")], {
				cwd: root,
				encoding: "utf8",
			});
		expect(check()).toMatchObject({ status: 0, stderr: "" });
		write("packages/model/src/one.ts", 'import type { Two } from "./two.ts";\n');
		write("packages/model/src/two.ts", 'import type { One } from "./one.ts";\n');
		expect(check()).toMatchObject({
			status: 1,
			stderr: "circle: packages/model/src/one.ts -> packages/model/src/two.ts -> packages/model/src/one.ts\n",
		});
	});
});

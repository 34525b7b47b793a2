import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { routes, servedPath } from "@pathkeeper/model";
import { expect, test } from "vitest";
import {
	settingDescription,
	settingNames,
} from "../../../packages/pathkeeper/src/settings/settings-table.ts";
import { documentsIn } from "../../docs/documents.ts";
import { referencePages } from "../../docs/reference/pages.ts";

test.each(referencePages)("$path is what the code says; else run ./dev docs", ({ path, text }) => {
	expect(readFileSync(path, "utf8")).toBe(text());
});

test("every setting of the daemon is in the reference", () => {
	const page = readFileSync("docs/reference/settings.md", "utf8");
	const keys = settingNames.map((name) => settingDescription(name).key);
	expect(keys.length).toBeGreaterThan(20);
	expect(keys.filter((key) => !page.includes(`| \`${key}\`<br>`))).toEqual([]);
});

test("every route of the API is in the reference", () => {
	const page = readFileSync("docs/reference/routes.md", "utf8");
	expect(routes.length).toBeGreaterThan(50);
	const lacking = routes.filter((route) => {
		const path = route.below === undefined ? route.path : servedPath(route);
		return !page.includes(`| \`${route.method} ${path}\` |`);
	});
	expect(lacking.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

test("every metric that the documents name is one of the server's", () => {
	const named = new Set(
		documentsIn().flatMap((path) => readFileSync(path, "utf8").match(/\bpathkeeper_[a-z_]+[a-z]\b/g) ?? []),
	);
	expect(named.size).toBeGreaterThan(4);
	const source = readdirSync("packages/server/src/metrics")
		.map((file) => readFileSync(join("packages/server/src/metrics", file), "utf8"))
		.join("\n");
	expect([...named].filter((name) => !source.includes(`"${name}"`))).toEqual([]);
});

test("every command that the manual page has is in the reference", () => {
	const page = readFileSync("docs/reference/commands.md", "utf8");
	const manual = execFileSync(process.execPath, ["packages/pathkeeper/src/main.ts", "man"], {
		encoding: "utf8",
	});
	const lines = [...manual.matchAll(/^\.B (pathkeeper .*)$/gm)].map(([, line = ""]) =>
		line.replaceAll("\\-", "-"),
	);
	expect(lines.length).toBeGreaterThan(40);
	expect(lines.filter((line) => !page.includes(`\n${line}\n`))).toEqual([]);
});

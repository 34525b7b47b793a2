import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseSettingsFile } from "../../../packages/pathkeeper/src/settings/settings-file.ts";
import {
	settingDescription,
	settingNames,
} from "../../../packages/pathkeeper/src/settings/settings-table.ts";
import { version } from "../../../packages/pathkeeper/src/version.ts";
import { changelogEntries, debianChangelog } from "../../package/changelog.ts";
import { readRelease } from "../../package/release.ts";
import { settingFlag } from "../../package/setting-text.ts";
import { settingsFile } from "../../package/settings-file.ts";
import { settingsPage } from "../../package/settings-page.ts";

const read = (name: string) => readFileSync(name, "utf8");

describe("the version", () => {
	test("is one: in the program, every workspace, the lock file and the change log", () => {
		const workspaces = [...readdirSync("packages").map((name) => `packages/${name}`), "lab", "bench"];
		const lock: { packages: Record<string, { version?: string }> } = JSON.parse(read("package-lock.json"));
		for (const workspace of workspaces) {
			const manifest: { version: string } = JSON.parse(read(`${workspace}/package.json`));
			expect(manifest.version, workspace).toBe(version);
			expect(lock.packages[workspace]?.version, `${workspace} in package-lock.json`).toBe(version);
		}
		expect(readRelease(".", { env: {} }).version).toBe(version);
	});

	test("of the runtime is one, too", () => {
		const { version: packed }: { version: string } = JSON.parse(read("packaging/runtime.json"));
		expect(/^node_version=(.*)$/m.exec(read("dev"))?.[1]).toBe(packed);
	});

	test("is another one when it is stamped, which the change log says", () => {
		const stamped = readRelease(".", { stamp: "0.1.1", env: {} });
		expect(stamped.changes.map((entry) => entry.version)).toEqual([
			"0.1.1",
			...readRelease(".", { env: {} }).changes.map((entry) => entry.version),
		]);
		for (const stamp of ["0.1", "v1.2.3", "0.1.1; rm", ""])
			expect(() => readRelease(".", { stamp, env: {} })).toThrow(`'${stamp}' is not a version such as 0.1.1`);
	});

	test("has a day in the change log, unless SOURCE_DATE_EPOCH says another moment", () => {
		const { epoch } = readRelease(".", { env: {} });
		expect(new Date(epoch * 1000).toISOString()).toMatch(/^20\d\d-\d\d-\d\dT00:00:00\.000Z$/);
		expect(readRelease(".", { env: { SOURCE_DATE_EPOCH: "1700000000" } }).epoch).toBe(1_700_000_000);
		expect(() => readRelease(".", { env: { SOURCE_DATE_EPOCH: "today" } })).toThrow(
			"'today' is not a number of seconds",
		);
	});
});

describe("the change log", () => {
	const text =
		"# Changes\n\n## 0.2.0 (2027-02-01)\n\n- One point\n  in two lines.\n- `another`\n\nText.\n\n## 0.1.0 (2026-11-30)\n\n- First.\n";

	test("is read by version, day and points", () => {
		expect(changelogEntries(text)).toEqual([
			{ version: "0.2.0", date: 1_801_440_000, points: ["One point in two lines.", "another"] },
			{ version: "0.1.0", date: 1_795_996_800, points: ["First."] },
		]);
	});

	test("becomes one that dpkg reads", () => {
		const debian = debianChangelog(changelogEntries(text), "Somebody <somebody@example.org>");
		const parsed = execFileSync("dpkg-parsechangelog", ["--file", "-", "--all", "--show-field", "Version"], {
			input: debian,
			encoding: "utf8",
		});
		expect(parsed.trim()).toBe("0.2.0");
		expect(debian).toContain("\n -- Somebody <somebody@example.org>  Mon, 01 Feb 2027 00:00:00 +0000\n");
	});

	test.each(["", "# Changes\n", "## 0.1 (2026-11-30)\n", "## 0.1.0\n", "## 0.1.0 (2026-13-30)\n"])(
		"is refused as %j",
		(broken) => {
			expect(() => changelogEntries(broken)).toThrow(/CHANGELOG\.md/);
		},
	);
});

describe("the settings file that is installed", () => {
	test("sets nothing", () => {
		expect(parseSettingsFile(settingsFile())).toEqual({ settings: [], problems: [] });
	});

	test("has each setting once, with what its table says, as a line that only has to lose its #", () => {
		const uncommented = settingsFile().replaceAll(/^#(PATHKEEPER_)/gm, "$1");
		const { settings, problems } = parseSettingsFile(uncommented);
		expect(problems).toEqual([]);
		expect(settings.map(({ key, value }) => [key, value])).toEqual(
			settingNames.map((name) => settingDescription(name)).map(({ key, example }) => [key, example]),
		);
		const words = settingsFile().replaceAll(/\n# /g, " ");
		for (const name of settingNames) {
			const [what = ""] = settingDescription(name).text.split(";");
			expect(words.toLowerCase()).toContain(what.toLowerCase());
		}
	});
});

test("the manual page of settings has each of them, with its option", () => {
	const page = settingsPage(version).replaceAll("\\-", "-");
	for (const name of settingNames) {
		expect(page).toContain(`.TP\n.B ${settingDescription(name).key}\n`);
		expect(page).toContain(`On the command line: ${settingFlag(name)}\n`);
	}
});

import { expect, test } from "vitest";
import { knownHoles } from "../../src/multipath-tools/known-holes.ts";
import { restartNeeded } from "../../src/multipath-tools/restart-needed.ts";

test.each([
	"0.10.8",
	"0.11.6",
	"0.12.4",
	"0.12.5",
	"0.13.3",
	"0.14.5",
	"0.15.1",
	"0.15.1-1",
	"v0.16.0",
	"1.0.0",
])("multipath-tools %s has no known holes", (version) => {
	expect(knownHoles(version)).toBeNull();
});

test.each([
	["0.9.4", "0.10.8"],
	["0.10.7", "0.10.8"],
	["0.11.1", "0.11.6"],
	["0.12.3", "0.12.4"],
	["0.13.2", "0.13.3"],
	["0.14.4", "0.14.5"],
	["0.15.0", "0.15.1"],
])("multipath-tools %s has holes that %s mends", (version, fix) => {
	const finding = knownHoles(version);
	expect(finding).toMatchObject({ code: "multipath-tools-known-holes", severity: "warning" });
	expect(finding?.text).toContain("GHSA-gr7q-prfc-q636");
	expect(finding?.text).toContain(`update to ${fix} or later`);
	expect(finding?.text).not.toContain("CVE-2022");
});

test("each old hole is named where it was there", () => {
	const text = (version: string): string => knownHoles(version)?.text ?? "";
	expect(text("0.9.1")).toMatch(/CVE-2022-41974, CVE-2022-41973/);
	expect(text("0.7.6")).toMatch(/CVE-2022-41974/);
	expect(text("0.7.6")).not.toMatch(/CVE-2022-41973/);
	expect(text("0.6.4")).not.toMatch(/CVE-2022/);
	expect(text("0.9.1")).toContain("update to 0.10.8");
});

test("a version that cannot be read is not called safe", () => {
	for (const version of ["", "unknown", "git-abc"]) {
		expect(knownHoles(version)).toMatchObject({ code: "multipath-tools-version-unknown" });
	}
});

test("a daemon older than its program wants a restart; an unknown one is not accused", () => {
	expect(restartNeeded("0.11.1", "0.15.1")).toMatchObject({ code: "multipathd-restart-needed" });
	expect(restartNeeded("0.15.1", "0.15.1")).toBeNull();
	expect(restartNeeded(null, "0.15.1")).toBeNull();
	expect(restartNeeded("0.15.1", null)).toBeNull();
});

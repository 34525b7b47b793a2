import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/**
 * npm writes an optional package that the registry does not serve as an entry without a version, and its `ci` fails
 * on such an entry as soon as the registry does serve it ("Invalid Version").
 */
test("every package in the lock file has its version and its checksum", () => {
	const text = readFileSync(join(import.meta.dirname, "../../package-lock.json"), "utf8");
	const lock: { packages: Record<string, { version?: string; integrity?: string; link?: boolean }> } =
		JSON.parse(text);
	const fetched = Object.entries(lock.packages).filter(
		([folder, entry]) => folder.includes("node_modules/") && entry.link !== true,
	);
	expect(fetched.length).toBeGreaterThan(100);
	expect(
		fetched.filter(([, { version, integrity }]) => !version || !integrity).map(([folder]) => folder),
	).toEqual([]);
	expect(text).not.toMatch(/"resolved": "https?:/);
});

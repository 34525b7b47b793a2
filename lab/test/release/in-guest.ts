import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	bootGuest,
	bundleForGuest,
	type Guest,
	type GuestTest,
	runTestsInGuest,
	type Suite,
} from "../../src/index.ts";

/**
 * Runs a file of `in-guest/` once in a guest of its own; each check in it is a test of its own here.
 * `prepare` makes the guest ready and gives the file's environment.
 */
export function testsInGuest(
	suite: Suite,
	file: string,
	checks: readonly { readonly name: string }[],
	prepare: (guest: Guest) => Promise<Readonly<Record<string, string>>>,
): void {
	const folder = mkdtempSync(join(tmpdir(), "pathkeeper-in-guest-"));
	let results: ReadonlyMap<string, GuestTest>;

	beforeAll(async () => {
		const bundle = join(folder, "tests.mjs");
		await bundleForGuest(join(import.meta.dirname, "../in-guest", `${file}.ts`), bundle);
		await using guest = await bootGuest({ suite, name: `${file}-${suite}-${process.pid}` });
		const env = await prepare(guest);
		const tests = await runTestsInGuest(guest, bundle, { env, timeout: 500_000 });
		results = new Map(tests.map((one) => [one.name, one]));
	});

	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test.each(checks.map(({ name }) => name))("%s", (name) => {
		const result = results.get(name);
		// First, since of what failed only the message is kept.
		expect(result?.problem).toBe("");
		expect(result).toMatchObject({ passed: true, skipped: false });
	});
}

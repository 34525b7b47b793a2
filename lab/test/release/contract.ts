import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { multipathdContract } from "../../../packages/host/test/contract/multipathd-contract.ts";
import {
	bootGuest,
	bundleForGuest,
	firstLuns,
	type GuestTest,
	runTestsInGuest,
	type Suite,
} from "../../src/index.ts";

/** The real daemon of a release keeps the contract that our simulator keeps; each check is a test of its own here. */
export function contractTests(suite: Suite): void {
	const folder = mkdtempSync(join(tmpdir(), "pathkeeper-contract-"));
	let results: ReadonlyMap<string, GuestTest>;

	beforeAll(async () => {
		const bundle = join(folder, "contract.mjs");
		await bundleForGuest(join(import.meta.dirname, "../in-guest/multipathd-contract.ts"), bundle);
		await using guest = await bootGuest({ suite, name: `contract-${suite}-${process.pid}` });
		const [version = ""] = /\d+\.\d+\.\d+/.exec(await guest.exec("dpkg-query --show multipath-tools")) ?? [];
		const [small, , , , alike] = firstLuns;
		const env = { RELEASE: version, WWIDS: `${small.wwid},${alike.wwid}` };
		const tests = await runTestsInGuest(guest, bundle, { env, timeout: 500_000 });
		results = new Map(tests.map((one) => [one.name, one]));
	});

	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test.each(multipathdContract.map(({ name }) => name))("%s", (name) => {
		expect(results.get(name)).toMatchObject({ passed: true, skipped: false, problem: "" });
	});
}

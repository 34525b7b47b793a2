import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootGuest, bundleForGuest, firstLuns, runTestsInGuest, suitesOfRun } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "pathkeeper-contract-"));
const bundle = join(folder, "contract.mjs");

beforeAll(async () => {
	await bundleForGuest(join(import.meta.dirname, "in-guest/multipathd-contract.ts"), bundle);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(suitesOfRun())("multipathd of %s", (suite) => {
	test("keeps the contract that the simulator keeps", { timeout: 600_000 }, async () => {
		await using guest = await bootGuest({ suite, name: `contract-${suite}-${process.pid}` });
		const [version = ""] = /\d+\.\d+\.\d+/.exec(await guest.exec("dpkg-query --show multipath-tools")) ?? [];
		const [small, , , , alike] = firstLuns;
		const env = { RELEASE: version, WWIDS: `${small.wwid},${alike.wwid}` };
		const tests = await runTestsInGuest(guest, bundle, { env, timeout: 500_000 });
		const failed = tests.filter((one) => !one.passed).map((one) => `${one.name}\n${one.problem}`);
		expect(failed).toEqual([]);
		expect(tests.length).toBeGreaterThan(20);
	});
});

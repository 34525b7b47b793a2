import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lvmContract } from "../../../packages/host/test/contract/lvm-contract.ts";
import {
	bootGuest,
	bundleForGuest,
	firstLuns,
	type GuestTest,
	runTestsInGuest,
	type Suite,
} from "../../src/index.ts";

/** The real LVM of a release keeps the contract that our simulated one keeps, on maps; each check is a test here. */
export function lvmTests(suite: Suite): void {
	const folder = mkdtempSync(join(tmpdir(), "pathkeeper-lvm-"));
	let results: ReadonlyMap<string, GuestTest>;

	beforeAll(async () => {
		const bundle = join(folder, "lvm.mjs");
		await bundleForGuest(join(import.meta.dirname, "../in-guest/lvm-contract.ts"), bundle);
		await using guest = await bootGuest({ suite, name: `lvm-${suite}-${process.pid}` });
		const [first, , , , alike] = firstLuns;
		const devices = [first, alike].map(({ wwid }) => `/dev/disk/by-id/dm-uuid-mpath-${wwid}`);
		await guest.exec(`multipath -a ${first.wwid}; multipath -a ${alike.wwid}; multipathd reconfigure`);
		await guest.until("both maps", async () => {
			return (await guest.tryExec(devices.map((device) => `test -b ${device}`).join(" && "))).code === 0;
		});
		const env = { DEVICES: devices.join(",") };
		const tests = await runTestsInGuest(guest, bundle, { env, timeout: 500_000 });
		results = new Map(tests.map((one) => [one.name, one]));
	});

	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test.each(lvmContract.map(({ name }) => name))("%s", (name) => {
		expect(results.get(name)).toMatchObject({ passed: true, skipped: false, problem: "" });
	});
}

import { existsSync } from "node:fs";
import { afterAll, beforeEach, describe, it } from "vitest";
import { loopDevices } from "./loop-devices.ts";
import { lvmContract } from "./lvm-contract.ts";

const host = await loopDevices();
const hasDeviceMapper = existsSync("/sys/class/misc/device-mapper");

/**
 * The LVM of this machine on loop devices: metadata needs no device-mapper, volumes do. Skipped without root, loop
 * devices or lvm2; `lvm-this-machine.ts` runs all of it in a virtual machine.
 */
describe.skipIf(host === null)("the LVM of this machine", () => {
	beforeEach(() => host?.clear());
	afterAll(() => host?.close());

	for (const check of lvmContract)
		it.skipIf(check.volumes && !hasDeviceMapper)(`keeps the contract: ${check.name}`, async () => {
			if (host !== null) await check.run(host);
		});
});

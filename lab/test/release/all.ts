import { describe } from "vitest";
import type { Suite } from "../../src/index.ts";
import { lvmTests, multipathdTests } from "./contracts.ts";
import { faultTests } from "./faults.ts";
import { guestTests } from "./guest.ts";
import { oneHostTests } from "./one-host.ts";
import { rootTests } from "./root.ts";

/** What the lab tries on one release, in the order in which one part needs what those before it left alone. */
export function releaseTests(suite: Suite): void {
	describe(`the root file system of ${suite}`, () => rootTests(suite));
	describe(`a ${suite} guest`, () => guestTests(suite));
	describe(`multipathd of ${suite} keeps the contract of the simulator:`, () => multipathdTests(suite));
	describe(`LVM of ${suite} keeps the contract of the simulator:`, () => lvmTests(suite));
	// The faults are QEMU's and the kernel's: one release is enough.
	if (suite === "trixie") describe(`in a ${suite} guest of the lab`, () => faultTests(suite));
	describe(`one ${suite} host`, () => oneHostTests(suite));
}

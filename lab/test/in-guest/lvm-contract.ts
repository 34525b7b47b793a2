/**
 * The contract that our simulated LVM keeps, asked of the real one over real maps. This file runs inside a guest, on its
 * Node; the two devices to use come in by an environment variable, and what they carry is lost.
 */
import { test } from "node:test";
import { lvmContract } from "../../../packages/host/test/contract/lvm-contract.ts";
import { realLvmHost } from "../../../packages/host/test/contract/real-lvm-host.ts";

const [first = "", second = ""] = (process.env["DEVICES"] ?? "").split(",");
const host = realLvmHost([first, second]);

for (const check of lvmContract)
	void test(check.name, async () => {
		await host.clear();
		await check.run(host);
	});

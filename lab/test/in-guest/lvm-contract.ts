/**
 * The contract that our simulated LVM keeps, asked of the real one over real maps. This file runs inside a guest, on its
 * Node; the two devices to use come in by an environment variable, and what they carry is lost.
 */
import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { ProgramRunner, RealLvm } from "../../../packages/host/src/index.ts";
import { type LvmContractHost, lvmContract } from "../../../packages/host/test/contract/lvm-contract.ts";

const run = promisify(execFile);
const [first = "", second = ""] = (process.env["DEVICES"] ?? "").split(",");
const devices = [first, second] as const;
const lvm = new RealLvm({ run: new ProgramRunner().run });

const host: LvmContractHost = {
	lvm,
	devices,
	clear: async () => {
		for (const device of devices) {
			// One device at a time: of two groups with one name LVM can address neither.
			for (const { name } of await lvm.volumeGroups([device])) await lvm.deactivateGroup([device], name);
			const file = await open(device, "r+");
			await file.write(Buffer.alloc(16 * 1024 * 1024));
			await file.sync();
			await file.close();
		}
	},
	format: async (device) => {
		await run("mkfs.ext4", ["-q", device]);
	},
};

for (const check of lvmContract)
	void test(check.name, async () => {
		await host.clear();
		await check.run(host);
	});

import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { promisify } from "node:util";
import { ProgramRunner, RealLvm } from "../../src/index.ts";
import { type LvmContractHost, lvmContract } from "./lvm-contract.ts";

/**
 * The contract against the LVM of the machine that this runs on, without a test runner:
 * `node lvm-this-machine.ts --devices-are-for-tests DEVICE DEVICE`. As root; what the devices carry is lost.
 */
const run = promisify(execFile);
const [flag, first, second] = process.argv.slice(2);
if (flag !== "--devices-are-for-tests" || first === undefined || second === undefined) {
	console.error(
		"this overwrites devices; call it with --devices-are-for-tests DEVICE DEVICE in a test machine",
	);
	process.exit(64);
}

const lvm = new RealLvm({ run: new ProgramRunner().run });
const devices = [first, second] as const;
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

console.log(`TAP version 13\n1..${lvmContract.length}\n# LVM ${await lvm.version()}`);
for (const [index, check] of lvmContract.entries())
	try {
		await host.clear();
		await check.run(host);
		console.log(`ok ${index + 1} - ${check.name}`);
	} catch (error) {
		process.exitCode = 1;
		const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
		console.log(`not ok ${index + 1} - ${check.name}\n${words.replaceAll(/^/gm, "# ")}`);
	}

import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { promisify } from "node:util";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { ProgramRunner } from "../../src/index.ts";
import { RealLvm } from "../../src/parts.ts";
import type { LvmContractHost } from "./lvm-contract.ts";

const run = promisify(execFile);

/** The LVM of this machine, on two devices that are for tests: what they carry is lost. As root. */
export function realLvmHost(devices: readonly [string, string]): LvmContractHost {
	const lvm = new RealLvm({ run: new ProgramRunner({ runtime: realRuntime }).run });
	return {
		lvm,
		devices,
		clear: async () => {
			for (const device of devices) {
				// One device at a time: of two groups with one name LVM can address neither.
				for (const volume of await lvm.logicalVolumes([device]))
					if (volume.active) await lvm.deactivateVolume([device], volume);
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
}

import { execFile } from "node:child_process";
import { mkdtemp, open, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { ProgramRunner } from "../../src/index.ts";
import { RealLvm } from "../../src/parts.ts";
import type { LvmContractHost } from "./lvm-contract.ts";

const run = promisify(execFile);
const sizeBytes = 64 * 1024 * 1024;

/** Two loop devices with the LVM of this machine on them; `close` takes them away. */
export interface LoopDevices extends LvmContractHost {
	close(): Promise<void>;
}

/** Null where this machine lacks root, loop devices or lvm2. */
export async function loopDevices(): Promise<LoopDevices | null> {
	const folder = await mkdtemp(join(tmpdir(), "pk-loop-"));
	const devices: string[] = [];
	const close = async () => {
		for (const device of devices) await run("losetup", ["--detach", device]);
		await rm(folder, { recursive: true, force: true });
	};
	const lvm = new RealLvm({ run: new ProgramRunner({ runtime: realRuntime }).run });
	try {
		for (const name of ["a", "b"]) {
			const file = join(folder, name);
			await writeFile(file, "");
			await truncate(file, sizeBytes);
			devices.push((await run("losetup", ["--find", "--show", file])).stdout.trim());
		}
		if ((await lvm.version()) === null) throw new Error("lvm2 is not installed");
	} catch {
		await close();
		return null;
	}
	const [first = "", second = ""] = devices;
	return {
		lvm,
		devices: [first, second],
		clear: async () => {
			for (const device of devices) await overwrite(device, Buffer.alloc(sizeBytes));
		},
		format: async (device) => {
			await run("mkfs.ext4", ["-q", device]);
		},
		close,
	};
}

async function overwrite(device: string, bytes: Buffer): Promise<void> {
	const file = await open(device, "r+");
	await file.write(bytes);
	await file.sync();
	await file.close();
}

import type { VolumeName } from "@pathkeeper/host";
import type { Storage } from "@pathkeeper/model";
import type { StorageCall } from "../plugin.ts";

const MiB = 1024 * 1024;
/** One call of the program: long enough to be cheap, short enough to show progress and to be ended. */
const partBytes = 1024 * MiB;

export interface Doomed {
	readonly devices: readonly string[];
	readonly volume: VolumeName;
	readonly sizeBytes: number;
}

/** Writes zeroes over a whole volume, part by part, as fast as the storage allows. */
export async function eraseVolume(call: StorageCall, storage: Storage, doomed: Doomed): Promise<void> {
	const { devices, volume, sizeBytes } = doomed;
	const step = Number(storage.values["saferemove-stepsize"] ?? "32") * MiB;
	const limit = throughputOf(storage.values["saferemove_throughput"]);
	const part = limit === null ? partBytes : Math.max(step, Math.min(partBytes, limit - (limit % 512)));
	await call.host.lvm.activateVolume(devices, volume);
	call.log(`zeroing ${volume.vg}/${volume.name}, ${sizeBytes} bytes`);
	for (let offset = 0; offset < sizeBytes; offset += part) {
		call.signal.throwIfAborted();
		const begun = call.now();
		const length = Math.min(part, sizeBytes - offset);
		await call.host.lvm.zero(volume, { offset, length, step, signal: call.signal });
		call.progress((offset + length) / sizeBytes);
		const wantedMs = limit === null ? 0 : (length / limit) * 1000;
		if (wantedMs > call.now() - begun) await call.sleep(wantedMs - (call.now() - begun));
	}
}

/** Bytes a second; Proxmox VE writes a minus for an upper limit. Null: as fast as it goes. */
function throughputOf(text: string | undefined): number | null {
	const bytes = Math.abs(Number(text ?? "0"));
	return Number.isFinite(bytes) && bytes >= 1024 ? bytes : null;
}

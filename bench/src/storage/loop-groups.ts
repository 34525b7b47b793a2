/**
 * Volume groups of the LVM of this machine on loop devices, as root. Their volumes are written into the metadata at
 * once, by `vgcfgrestore`: 5,000 calls of lvcreate would take an hour, and need device-mapper.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface LoopGroup {
	readonly vg: string;
	/** Such as `loop3`. */
	readonly device: string;
}

const extentsOfVolume = 2;
const disksOfGuest = 5;
/** Room for the metadata of many volumes. */
const metadataSize = "64m";

/** Groups on devices of their own; all of it is gone when this is disposed. */
export class LoopGroups implements Disposable {
	readonly #folder = mkdtempSync(join(tmpdir(), "bench-loop-"));
	readonly #devices: string[] = [];

	/** Makes a group on a file of so many bytes, most of which are never written. */
	make(vg: string, sizeBytes: number, volumes = 0): LoopGroup {
		const file = join(this.#folder, vg);
		writeFileSync(file, "");
		truncateSync(file, sizeBytes);
		const device = call("losetup", "--find", "--show", file).trim();
		this.#devices.push(device);
		const metadata = volumes === 0 ? [] : ["--metadatasize", metadataSize];
		call("lvm", "pvcreate", "--devices", device, ...metadata, device);
		call("lvm", "vgcreate", "--devices", device, vg, device);
		if (volumes > 0) this.#addVolumes(vg, device, volumes);
		return { vg, device: device.slice("/dev/".length) };
	}

	#addVolumes(vg: string, device: string, count: number): void {
		const backup = join(this.#folder, `${vg}.metadata`);
		call("lvm", "vgcfgbackup", "--devices", device, "--file", backup, vg);
		const text = readFileSync(backup, "utf8");
		// The block of the group ends with the only brace at the start of a line.
		const end = text.indexOf("\n}\n");
		const blocks = Array.from({ length: count }, (_, at) => volumeBlock(at)).join("");
		writeFileSync(backup, `${text.slice(0, end)}\nlogical_volumes {\n${blocks}}${text.slice(end)}`);
		call("lvm", "vgcfgrestore", "--devices", device, "--file", backup, vg);
	}

	[Symbol.dispose](): void {
		for (const device of this.#devices) call("losetup", "--detach", device);
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

/** A volume of a guest with several, in the words of LVM's metadata. */
function volumeBlock(at: number): string {
	const guest = 100 + Math.floor(at / disksOfGuest);
	const id = `bench0-0000-0000-0000-0000-0000-${String(at).padStart(6, "0")}`;
	return `vm-${guest}-disk-${at % disksOfGuest} {
id = "${id}"
status = ["READ", "WRITE", "VISIBLE"]
flags = []
tags = ["pve-vm-${guest}"]
creation_time = 1764000000
creation_host = "bench"
segment_count = 1
segment1 {
start_extent = 0
extent_count = ${extentsOfVolume}
type = "striped"
stripe_count = 1
stripes = ["pv0", ${at * extentsOfVolume}]
}
}
`;
}

function call(program: string, ...args: readonly string[]): string {
	return execFileSync(`/usr/sbin/${program}`, args, {
		encoding: "utf8",
		stdio: ["ignore", "pipe", "pipe"],
		env: { LC_ALL: "C", LVM_SUPPRESS_FD_WARNINGS: "1" },
	});
}

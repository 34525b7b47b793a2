/** What a guest's root file system is made of. Its hash names the image, so a change here makes a new one. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { hashOf } from "../cache.ts";
import { aptOptionsOf, type Suite } from "../suites.ts";

/** Runs inside the new root as the last step. */
export const prepareScript: string = join(import.meta.dirname, "prepare-guest.sh");

/** The packages beside `minbase`: a storage host as Debian ships it, and nothing for the person at the keyboard. */
export const packages: readonly string[] = [
	"linux-image-amd64",
	"initramfs-tools",
	"zstd",
	"xz-utils",
	"systemd-sysv",
	"dbus",
	"udev",
	"kmod",
	"multipath-tools",
	"kpartx",
	"dmsetup",
	"lvm2",
	"open-iscsi",
	"tgt",
	"sg3-utils",
	"sg3-utils-udev",
	"e2fsprogs",
	"fdisk",
	"iproute2",
	"procps",
	"openssh-server",
];

/** Documentation, translations and firmware help nobody in a guest and make every copy of it bigger. */
export const excludedPaths: readonly string[] = [
	"/usr/share/man/*",
	"/usr/share/doc/*",
	"/usr/share/info/*",
	"/usr/share/locale/*",
	"/usr/share/bug/*",
	"/usr/share/lintian/*",
];

/** Bytes of the root disk. It is sparse, so this costs only what is written. */
export const diskBytes: number = 4 * 1024 ** 3;

/** The Node that guests run: the one that runs this. */
export const nodeBinary: string = process.execPath;

export function imageHash(suite: Suite): string {
	return hashOf({
		suite,
		packages,
		excludedPaths,
		diskBytes,
		aptOptions: aptOptionsOf[suite],
		node: [process.version, statSync(nodeBinary).size],
		prepare: readFileSync(prepareScript, "utf8"),
	});
}

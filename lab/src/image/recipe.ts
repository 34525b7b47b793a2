/** What a guest's root file system is made of. Its hash names the image, so a change here makes a new one. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { hashOf } from "../cache.ts";
import { aptOptionsOf, type Suite } from "../suites.ts";

/**
 * `host`: a storage host that has all it needs, with a Node of its own, so that the product runs from its bundle.
 * `plain`: a server as Debian installs it. All that it lacks lies in an apt archive on its own disk.
 */
export const imageKinds = ["host", "plain"] as const;
export type ImageKind = (typeof imageKinds)[number];

export interface Recipe {
	/** Beside `minbase`. */
	readonly packages: readonly string[];
	/** What `apt install` finds, with all that these depend on. */
	readonly archive: readonly string[];
	readonly hasNode: boolean;
	/** Shell scripts that run inside the new root, in this order, as the last step. */
	readonly scripts: readonly string[];
	/** What a guest does before it is saved, for the person who reads a failure; it warms what tests use first. */
	readonly warmUp: readonly string[];
}

/** What boots, and lets us in. */
const basePackages = [
	"linux-image-amd64",
	"initramfs-tools",
	"zstd",
	"xz-utils",
	"systemd-sysv",
	"dbus",
	"udev",
	"kmod",
	"e2fsprogs",
	"fdisk",
	"iproute2",
	"procps",
	"openssh-server",
] as const;

const script = (name: string) => join(import.meta.dirname, name);

/** Makes an archive in a new root, at `archiveFolder`. */
export const archiveScript: string = script("fill-archive.sh");

/** Where the archive of a plain guest is in it. */
export const archiveFolder = "/srv/archive";

export const recipes: Readonly<Record<ImageKind, Recipe>> = {
	host: {
		packages: [
			...basePackages,
			"multipath-tools",
			"kpartx",
			"dmsetup",
			"lvm2",
			"open-iscsi",
			"tgt",
			"sg3-utils",
			"sg3-utils-udev",
		],
		archive: [],
		hasNode: true,
		scripts: [script("prepare-guest.sh"), script("prepare-host.sh")],
		warmUp: [
			"multipathd show daemon",
			"multipath -ll; lvs; iscsiadm -m session; dmsetup ls",
			"node -e 0; node -e 0",
		],
	},
	plain: {
		packages: basePackages,
		archive: ["multipath-tools", "lvm2", "open-iscsi", "openssl", "etcd-server", "etcd-client"],
		hasNode: false,
		scripts: [script("prepare-guest.sh"), script("prepare-plain.sh")],
		warmUp: ["apt-get --simulate install multipath-tools", "dpkg --list", "perl -e 0"],
	},
};

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

/** The Node that guests with one run: the one that runs this. */
export const nodeBinary: string = process.execPath;

export function imageHash(suite: Suite, kind: ImageKind): string {
	const { packages, archive, hasNode, scripts } = recipes[kind];
	return hashOf({
		suite,
		packages,
		archive: archive.length > 0 ? [...archive, readFileSync(archiveScript, "utf8")] : [],
		excludedPaths,
		diskBytes,
		aptOptions: aptOptionsOf[suite],
		node: hasNode ? [process.version, statSync(nodeBinary).size] : [],
		scripts: scripts.map((path) => readFileSync(path, "utf8")),
	});
}

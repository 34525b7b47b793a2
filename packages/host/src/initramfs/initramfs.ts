import type { Finding } from "@pathkeeper/model";

/** The boot image of the running kernel. */
export interface Initramfs {
	/**
	 * What is wrong with the image for a machine whose root file system is on the LUN `rootWwid`: `needed` are the
	 * files (absolute paths) that multipathd reads on the running machine and that the image must therefore carry.
	 * Null when all is well. Never throws: an image that cannot be read is a finding.
	 */
	check(rootWwid: string, needed: readonly string[]): Promise<Finding | null>;
}

/** What was found out about a boot image. */
export interface BootImage {
	/** Where it is, or should be. */
	readonly path: string;
	/** Paths in it, without a leading slash; or why they are not known, in words. */
	readonly files: ReadonlySet<string> | string;
}

const programs = ["sbin/multipath", "usr/sbin/multipath", "usr/bin/multipath"];

/** Judges an image; see `Initramfs.check`. */
export function initramfsFinding(
	image: BootImage,
	rootWwid: string,
	needed: readonly string[],
): Finding | null {
	const { files, path } = image;
	const about = `the root file system is on LUN ${rootWwid}`;
	const warning = (code: string, text: string): Finding => ({
		code,
		severity: "warning",
		subject: path,
		text,
	});
	if (typeof files === "string") {
		return warning(
			"initramfs-unknown",
			`${about}, and it is unknown whether the boot image ${path} has this configuration: ${files}`,
		);
	}
	if (!programs.some((program) => files.has(program))) {
		return warning(
			"initramfs-without-multipath",
			`${about}, but the boot image ${path} has no multipath program, so that the machine boots from a single path: install multipath-tools-boot, then run update-initramfs -u`,
		);
	}
	const missing = needed.filter((file) => !files.has(file.replace(/^\/+/, "")));
	if (missing.length === 0) return null;
	return warning(
		"initramfs-without-config",
		`${about}, but the boot image ${path} lacks ${missing.join(", ")}, so that the machine boots with other multipath settings than it runs with: the hook of multipath-tools-boot copies no conf.d, so add one to /etc/initramfs-tools/hooks that does, then run update-initramfs -u`,
	);
}

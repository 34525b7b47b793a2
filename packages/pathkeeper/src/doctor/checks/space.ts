import { type Check, type Diagnosis, error, note, warning } from "../diagnosis.ts";
import { known } from "../facts/fact.ts";
import { type Facts, watchedFolders } from "../facts/facts.ts";
import type { SpaceFacts } from "../facts/space.ts";

const mebi = 1024 ** 2;
const scarceBytes = 64 * mebi;
const scarceShare = 0.03;
/** A file of ours still fits. */
const fullBytes = mebi;

const uses: Readonly<Record<string, string>> = {
	"/etc": "no drop-in of multipath and no wwids entry can be written",
	"/run": "no socket and no lock can be made, and udev and multipathd fail as well",
	"/boot": "update-initramfs fails, and leaves the old boot image or half a new one",
	"/var/lib/pathkeeper": "the store accepts no changes, and the agent cannot record what it owns",
};

/** One for each folder, so that one that hangs hides no other. */
export const spaceChecks: readonly Check<Facts>[] = watchedFolders.map((path) => ({
	name: "disk-space",
	fine: `there is room on the file system of ${path}`,
	judge: ({ spaces }) => {
		const space = spaces.get(path);
		return space === undefined ? null : roomOf(known(space));
	},
}));

function roomOf(space: SpaceFacts | null): readonly Diagnosis[] | null {
	if (space === null) return null;
	const { path, freeBytes, sizeBytes, freeInodes, inodes, readOnly } = space;
	const why = `${uses[path] ?? "it cannot be written"}.`;
	const look = [`df -h ${path}; df -i ${path}`];
	if (path === "/boot" && readOnly === "mounted")
		return [
			note({
				code: "file-system-read-only",
				what: "the file system of /boot is mounted read-only",
				where: path,
				fix: ["# before a new boot image or kernel: mount -o remount,rw /boot"],
				why: "some mount it read-only on purpose. update-initramfs fails until it is mounted for writing.",
			}),
		];
	if (readOnly !== "no")
		return [
			error({
				code: "file-system-read-only",
				what:
					readOnly === "mounted"
						? `the file system of ${path} is mounted read-only`
						: `the kernel no longer allows writes to the file system of ${path}`,
				where: path,
				fix: [
					"dmesg | grep -i -E 'remount|i/o error|ext4|xfs' | tail",
					`# when its device is sound: mount -o remount,rw $(findmnt -n -o TARGET -T ${path})`,
				],
				why: `${why} After I/O errors the kernel does this by itself.`,
			}),
		];
	const free = freeBytes >= mebi ? `${Math.floor(freeBytes / mebi)} MiB` : `${freeBytes} bytes`;
	const isFull = freeBytes < fullBytes || (inodes > 0 && freeInodes === 0);
	const isScarce =
		(freeBytes < scarceBytes && freeBytes < sizeBytes / 4) ||
		(freeBytes < scarceShare * sizeBytes && freeBytes < 1024 * mebi) ||
		(inodes > 0 && freeInodes < inodes / 100);
	if (!isFull && !isScarce) return [];
	const what = `${isFull ? "no room is left" : "little room is left"} on the file system of ${path}: ${free}, ${inodes > 0 ? `${freeInodes} inodes` : "inodes are not limited"}`;
	const fix = [...look, ...cleaning(path)];
	return [
		isFull
			? error({ code: "disk-full", what, where: path, fix, why })
			: warning({ code: "disk-space", what, where: path, fix, why }),
	];
}

function cleaning(path: string): readonly string[] {
	if (path === "/boot") return ["apt-get autoremove --purge"];
	if (path === "/run") return ["journalctl --vacuum-size=50M", "du -xh --max-depth=2 /run | sort -h | tail"];
	return ["apt-get clean", "journalctl --vacuum-size=200M", "du -xh --max-depth=2 /var | sort -h | tail"];
}

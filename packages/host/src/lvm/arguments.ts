import { isLvmName, isPlainPath, PathkeeperError } from "@pathkeeper/model";
import type { VolumeName } from "./lvm.ts";

/** A name of a group or volume as an argument. Throws VOLUME_REFUSED for what LVM would take for something else. */
export function nameArgument(name: string): string {
	if (isLvmName(name)) return name;
	const shown = JSON.stringify(name.slice(0, 140));
	throw new PathkeeperError("VOLUME_REFUSED", { problem: `${shown} is not a name for LVM` });
}

export function volumeArgument({ vg, name }: VolumeName): string {
	return `${nameArgument(vg)}/${nameArgument(name)}`;
}

/**
 * `--devices` for each device: LVM then looks at these and at no other, whatever its configuration says (lvm(8)).
 * Without any the option would be missing, and LVM would look at everything: BUG.
 */
export function devicesArguments(devices: readonly string[]): readonly string[] {
	if (devices.length === 0) throw new PathkeeperError("BUG", { problem: "LVM was called without devices" });
	return [...new Set(devices)].flatMap((device) => ["--devices", deviceArgument(device)]);
}

/** A device node. A comma would part it in two. */
export function deviceArgument(device: string): string {
	if (device.startsWith("/dev/") && isPlainPath(device) && !device.includes(",")) return device;
	const shown = JSON.stringify(device.slice(0, 200));
	throw new PathkeeperError("VOLUME_REFUSED", { problem: `${shown} is not a device for LVM` });
}

/** LVM takes these in a tag (lvm(8), TAGS). */
export function tagArgument(tag: string): string {
	if (/^[A-Za-z0-9_+.][A-Za-z0-9_+./=!:&#-]{0,127}$/.test(tag)) return tag;
	const shown = JSON.stringify(tag.slice(0, 140));
	throw new PathkeeperError("VOLUME_REFUSED", { problem: `${shown} is not a tag for LVM` });
}

/** Whole KiB, upward: LVM reads no bytes in a new size of a volume on every release. */
export function sizeArgument(sizeBytes: number): string {
	if (Number.isSafeInteger(sizeBytes) && sizeBytes > 0) return `${Math.ceil(sizeBytes / 1024)}k`;
	throw new PathkeeperError("VOLUME_REFUSED", { problem: `${sizeBytes} bytes is not the size of a volume` });
}

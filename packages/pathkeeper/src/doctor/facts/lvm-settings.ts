import type { RunProgram } from "@pathkeeper/host";
import { PathkeeperError } from "@pathkeeper/model";
import type { Tree } from "./tree.ts";

/** How LVM chooses its devices. */
export interface LvmSettings {
	/** Patterns such as `a|.*|`, in their order. */
	readonly filter: readonly string[];
	readonly globalFilter: readonly string[];
	readonly usesDevicesFile: boolean;
	readonly detectsComponents: boolean;
	/** Which file sets which of the keys; a key that no file sets has its built-in value. */
	readonly setIn: ReadonlyMap<string, string>;
	/** /etc/lvm/devices/system.devices; null: it is not there. */
	readonly devicesFile: string | null;
}

export const lvmKeys = [
	"filter",
	"global_filter",
	"use_devicesfile",
	"multipath_component_detection",
] as const;

export const devicesFilePath = "/etc/lvm/devices/system.devices";
const deadlineMs = 10_000;

/** Asks LVM for its own view, which reads no device; null where LVM is not installed. */
export async function gatherLvmSettings(tree: Tree, run: RunProgram): Promise<LvmSettings | null> {
	const keys = lvmKeys.map((key) => `devices/${key}`);
	let text: string;
	try {
		const result = await run("lvmconfig", ["--typeconfig", "full", ...keys], { deadlineMs });
		// 5: a key that this release does not know, after the others (lvm2 tools/errors.h ECMD_FAILED).
		if (result.code !== 0 && result.stdout.trim() === "")
			throw new Error(`lvmconfig: ${result.stderr.trim().split("\n").at(-1) || `exit code ${result.code}`}`);
		text = result.stdout;
	} catch (error) {
		if (error instanceof PathkeeperError && error.code === "PROGRAM_NOT_INSTALLED") return null;
		throw error;
	}
	return {
		filter: patternsIn(text, "filter"),
		globalFilter: patternsIn(text, "global_filter"),
		usesDevicesFile: numberIn(text, "use_devicesfile") === 1,
		// 0 in releases that do not have it.
		detectsComponents: numberIn(text, "multipath_component_detection") === 1,
		setIn: await placesOf(tree),
		devicesFile: await tree.read(devicesFilePath),
	};
}

function patternsIn(text: string, key: string): readonly string[] {
	const line = text.split("\n").find((each) => each.trim().startsWith(`${key}=`)) ?? "";
	return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, quoted = ""]) => quoted.replace(/\\(.)/g, "$1"));
}

function numberIn(text: string, key: string): number | null {
	const [, digits] = new RegExp(`^\\s*${key}=(\\d+)\\s*$`, "m").exec(text) ?? [];
	return digits === undefined ? null : Number(digits);
}

/** lvmlocal.conf is read after lvm.conf and wins (lvm.conf(5)). */
async function placesOf(tree: Tree): Promise<ReadonlyMap<string, string>> {
	const places = new Map<string, string>();
	for (const path of ["/etc/lvm/lvm.conf", "/etc/lvm/lvmlocal.conf"]) {
		const lines = ((await tree.read(path)) ?? "").split("\n");
		for (const [at, line] of lines.entries()) {
			const [, key] = /^\s*(?:devices\/)?(\w+)\s*=/.exec(line) ?? [];
			const known = lvmKeys.find((each) => each === key);
			if (known !== undefined) places.set(known, `${path}:${at + 1}`);
		}
	}
	return places;
}

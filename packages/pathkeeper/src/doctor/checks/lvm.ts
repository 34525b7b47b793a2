import type { KernelMap } from "@pathkeeper/model";
import { type Check, error, warning } from "../diagnosis.ts";
import { known } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";
import { devicesFilePath, type LvmSettings } from "../facts/lvm-settings.ts";
import { isAbsent } from "./multipath-tools.ts";

const seesPaths: Check<Facts> = {
	name: "lvm-sees-paths",
	fine: "LVM ignores the paths of maps",
	judge: (facts) => {
		const lvm = lvmOf(facts);
		if (lvm === null) return null;
		if (lvm.detectsComponents) return [];
		const place = lvm.setIn.get("multipath_component_detection") ?? null;
		// A filter that leaves only maps does the same.
		const { maps } = known(facts.luns);
		const paths = maps.flatMap(({ slaves }) => slaves);
		const sees = paths.length === 0 || paths.some((dev) => isAdmitted(lvm, [`/dev/${dev}`]) !== false);
		if (!sees) return [];
		return [
			error({
				code: "lvm-sees-paths",
				what: "LVM may take a single path of a map: devices/multipath_component_detection is off",
				where: place,
				fix: [
					`# set multipath_component_detection = 1 in ${fileOf(place) ?? "/etc/lvm/lvm.conf"}`,
					"lvmconfig devices/multipath_component_detection",
				],
				why: "what LVM activates on a single path does not survive that path, and the map stays unused or cannot be made.",
			}),
		];
	},
};

const hidesMaps: Check<Facts> = {
	name: "lvm-hides-maps",
	fine: "LVM looks at maps",
	judge: (facts) => {
		const lvm = lvmOf(facts);
		if (lvm === null) return null;
		const { maps } = known(facts.luns);
		return (["global_filter", "filter"] as const).flatMap((key) => {
			const patterns = key === "filter" ? lvm.filter : lvm.globalFilter;
			// Without a map now, the name that one would get is tried.
			const names =
				maps.length === 0 ? [namesOf({ name: "NAME", wwid: "3600", dm: "dm-99999" })] : maps.map(namesOf);
			const verdicts = names.map((each) => admits(patterns, each));
			if (verdicts.every((verdict) => verdict === null))
				throw new Error(`the ${key} of LVM is not understood here`);
			const hidden = maps.filter((_, at) => verdicts[at] === false);
			if (!verdicts.includes(false)) return [];
			const place = lvm.setIn.get(key) ?? null;
			const which = maps.length === 0 ? "every map" : hidden.map(({ name }) => name).join(", ");
			return [
				warning({
					code: "lvm-filter-hides-maps",
					what: `${key} of LVM hides ${which}: ${patterns.join(" ")}`,
					where: place,
					fix: [
						`# in ${fileOf(place) ?? "/etc/lvm/lvm.conf"}, put "a|^/dev/mapper/.*|" before the pattern that rejects`,
						"vgs",
						"update-initramfs -u",
					],
					why: "vgs, lvs and the activation at boot do not see volume groups on LUNs of this node. RHEL and similar: dracut -f instead of update-initramfs.",
				}),
			];
		});
	},
};

const devicesFile: Check<Facts> = {
	name: "lvm-devices-file",
	fine: "LVM's devices file names maps, not paths",
	judge: (facts) => {
		const lvm = lvmOf(facts);
		if (lvm === null || !lvm.usesDevicesFile || lvm.devicesFile === null) return null;
		const { maps } = known(facts.luns);
		const text = lvm.devicesFile;
		const paths = maps.flatMap(({ slaves, name }) =>
			slaves
				.filter((dev) => new RegExp(`DEVNAME=/dev/${dev}[0-9]*(?:\\s|$)`, "m").test(text))
				.map((dev) => ({ dev, name })),
		);
		return [
			...paths.map(({ dev, name }) =>
				warning({
					code: "lvm-devices-file-names-path",
					what: `the devices file of LVM names ${dev}, a path of map ${name}`,
					where: devicesFilePath,
					fix: [
						`lvmdevices --deldev /dev/${dev}`,
						`lvmdevices --adddev /dev/mapper/${name}`,
						"lvmdevices --check",
					],
					why: "LVM may use the single path, or nothing at all once it sees that a map owns it.",
				}),
			),
		];
	},
};

/** Null: there is no LVM, or no host to look after. */
function lvmOf(facts: Facts): LvmSettings | null {
	return isAbsent(facts) ? null : known(facts.lvm);
}

function namesOf({ name, wwid, dm }: Pick<KernelMap, "name" | "wwid" | "dm">): readonly string[] {
	return [
		`/dev/${dm}`,
		`/dev/mapper/${name}`,
		`/dev/disk/by-id/dm-name-${name}`,
		`/dev/disk/by-id/dm-uuid-mpath-${wwid}`,
	];
}

function isAdmitted(lvm: LvmSettings, names: readonly string[]): boolean | null {
	const verdicts = [admits(lvm.globalFilter, names), admits(lvm.filter, names)];
	return verdicts.includes(false) ? false : verdicts.includes(null) ? null : true;
}

/**
 * As lvm2 lib/filters/filter-regex.c does it: for each name of a device the first pattern that matches counts; one
 * name that is accepted is enough, and a device is rejected when a name is and none is accepted. Null: a pattern that
 * JavaScript cannot read.
 */
export function admits(patterns: readonly string[], names: readonly string[]): boolean | null {
	const rules: { readonly accepts: boolean; readonly expression: RegExp }[] = [];
	for (const pattern of patterns) {
		const [, kind, , body] = /^([ar])(.)(.*)\2$/s.exec(pattern) ?? bracketed(pattern);
		if (kind === undefined || body === undefined) return null;
		try {
			rules.push({ accepts: kind === "a", expression: new RegExp(body) });
		} catch {
			return null;
		}
	}
	const verdicts = names.map((name) => rules.find(({ expression }) => expression.test(name))?.accepts);
	return verdicts.includes(true) || !verdicts.includes(false);
}

/** `a(…)`, `r{…}` and `a[…]` end with the other bracket. */
function bracketed(pattern: string): readonly (string | undefined)[] {
	return /^([ar])([([{])(.*)[)\]}]$/s.exec(pattern) ?? [];
}

function fileOf(place: string | null): string | null {
	return place?.replace(/:\d+$/, "") ?? null;
}

export const lvmChecks: readonly Check<Facts>[] = [seesPaths, hidesMaps, devicesFile];

import type { AllowedLun, FleetConfig } from "./fleet-config.ts";
import { aliasProblems, checkWwid } from "./names.ts";
import {
	keywordOfKey,
	readSetting,
	relationProblems,
	type SettingPlace,
	settingRefusal,
} from "./settable.ts";

/** A wish that is not carried out, and why. */
export interface Unsound {
	/** The LUN that it is about; null in defaults. */
	readonly wwid: string | null;
	/** Key of `multipath.cfg`; `wwid` when the LUN as a whole is left out. */
	readonly key: string;
	readonly value: string;
	/** In words that follow key and value. */
	readonly problem: string;
	/** True for an alias that another LUN has already. */
	readonly isDuplicate: boolean;
}

/**
 * The part of a configuration that may become a root-owned file, checked value by value whoever made it: an agent
 * trusts no writer. LUNs with a WWID that is none and later ones with a WWID that was there go as a whole; bad
 * aliases and settings go alone.
 */
export function soundConfig(config: FleetConfig): {
	readonly config: FleetConfig;
	readonly unsound: readonly Unsound[];
} {
	const unsound: Unsound[] = [];
	const byWwid = new Map<string, AllowedLun>();
	for (const lun of config.luns) {
		const problem = byWwid.has(lun.wwid) ? "is in the allow-list twice" : checkWwid(lun.wwid);
		if (problem === null) byWwid.set(lun.wwid, lun);
		else unsound.push({ wwid: lun.wwid, key: "wwid", value: lun.wwid, problem, isDuplicate: false });
	}
	const aliases = aliasProblems([...byWwid.values()]);
	const defaults = soundSettings("defaults", null, config.defaults, unsound);
	const luns = [...byWwid.values()].map((lun) => {
		const problem = aliases.get(lun.wwid);
		if (problem !== undefined)
			unsound.push({
				wwid: lun.wwid,
				key: "alias",
				value: lun.alias ?? "",
				problem: problem.text,
				isDuplicate: problem.holder !== null,
			});
		return {
			...lun,
			alias: problem === undefined ? lun.alias : null,
			settings: soundSettings("multipaths", lun.wwid, lun.settings, unsound),
		};
	});
	return { config: { defaults, luns }, unsound };
}

function soundSettings(
	place: SettingPlace,
	wwid: string | null,
	settings: Readonly<Record<string, string>>,
	unsound: Unsound[],
): Readonly<Record<string, string>> {
	const sound: [string, string][] = [];
	const leftOut = (key: string, value: string, problem: string) =>
		unsound.push({ wwid, key, value, problem, isDuplicate: false });
	for (const [key, value] of Object.entries(settings)) {
		const keyword = keywordOfKey(key, place);
		const refusal = keyword === null ? "is not a keyword" : settingRefusal(keyword, place);
		if (keyword === null || refusal !== null) {
			leftOut(key, value, refusal ?? "is not a keyword");
			continue;
		}
		const setting = readSetting(keyword, value);
		if ("problem" in setting) leftOut(key, value, setting.problem);
		else sound.push([key, setting.value]);
	}
	const relations = relationProblems(place, Object.fromEntries(sound));
	for (const [key, value] of sound) {
		const problem = relations.get(key);
		if (problem !== undefined) leftOut(key, value, problem);
	}
	return Object.fromEntries(sound.filter(([key]) => !relations.has(key)));
}

import { checkValue } from "../multipath-conf/check-value.ts";
import { type Keyword, keywordNamed, keywords } from "../multipath-conf/keywords.ts";
import { refusalOf } from "../multipath-conf/refusals.ts";
import { flagOf } from "../section-config/check.ts";

/** Where `multipath.cfg` may set a keyword: for the whole fleet, or for one LUN. */
export type SettingPlace = "defaults" | "multipaths";

/**
 * Keywords that multipath-tools would take and that a fleet must not set, with the reason a user is given. Programs,
 * folders, files and owners of device nodes are refused by multipath-conf/refusals.ts already. Some of these stay
 * possible in `multipath-overrides.conf`, where they concern one kind of array and are read by whoever looks at it.
 */
const notSettable: Readonly<Record<string, string>> = {
	user_friendly_names:
		"it is part of the managed baseline (no): every map is named by its alias or WWID, equally on every node",
	find_multipaths: "it is part of the managed baseline (strict): only allowed LUNs are assembled",
	find_multipaths_timeout: "it belongs to find_multipaths smart; the managed baseline is strict",
	alias_prefix: "it belongs to user_friendly_names; the managed baseline has them off",
	uid_attribute: "it changes what the WWID of every LUN is, so that the allow-list would name none of them",
	uid_attrs: "it changes what the WWID of every LUN is, so that the allow-list would name none of them",
	reservation_key:
		"each host needs a key of its own: one key for all of them lets a fenced host keep writing, and a bad key makes multipathd exit",
	reassign_maps: "it lets multipathd rewrite device-mapper devices that are not its own",
	enable_foreign: "it chooses libraries that multipathd loads; native NVMe multipathing is not managed here",
	max_fds:
		"it is a limit of the daemon's process that differs between hosts; set it in multipathd's service unit",
	checker: "it is another name of path-checker; set that",
	wwid: "it is the id of a LUN's section",
	alias: "it belongs to one LUN",
};

/** Words that only some builds of multipath-tools take; elsewhere they would make the lint refuse the whole drop-in. */
const notSettableWords: ReadonlyMap<string, string> = new Map([
	[
		"marginal_pathgroups fpin",
		"must not be fpin: it is not compiled in everywhere, and needs a restart of multipathd",
	],
]);

/** Why a keyword cannot be set there, in words that follow "cannot be set: "; null when it can. */
export function settingRefusal(keyword: Keyword, place: SettingPlace): string | null {
	const refusal = refusalOf(keyword.name, "any");
	if (refusal !== null) return refusal.reason;
	if (keyword.type.kind === "ignored") return "every release of multipath-tools ignores it";
	const reason = Object.hasOwn(notSettable, keyword.name) ? notSettable[keyword.name] : undefined;
	if (reason !== undefined) return reason;
	return keyword.sections.includes(place) ? null : placeRefusal(keyword, place);
}

/** What `multipath.cfg` may set there, in the order of the keyword table. */
export function settableKeywords(place: SettingPlace): readonly Keyword[] {
	return keywords.filter((keyword) => settingRefusal(keyword, place) === null);
}

/** The keyword that a key of `multipath.cfg` names; keys are kebab-case and nothing else. */
export function keywordOfKey(key: string, place: SettingPlace): Keyword | null {
	if (!/^[a-z][a-z0-9-]*$/.test(key)) return null;
	return keywordNamed(key, place) ?? keywordNamed(key);
}

/** The key of a keyword in `multipath.cfg`: `no-path-retry` for `no_path_retry`. */
export function keyOfKeyword(keyword: Keyword): string {
	return keyword.name.replaceAll("_", "-");
}

/**
 * A value as it is stored and rendered, or what is wrong with it. Booleans may be written as section config writes
 * them (a bare key, `1`, `true`, …) and become `yes` or `no`.
 */
export function readSetting(
	keyword: Keyword,
	value: string | null,
): { readonly value: string } | { readonly problem: string } {
	const flag = keyword.type.kind === "yesno" ? flagOf(value) : null;
	const text = flag === null ? value : flag ? "yes" : "no";
	if (text === null || text === "") return { problem: "must have a value" };
	const problem = notSettableWords.get(`${keyword.name} ${text}`) ?? checkValue(keyword, text);
	return problem === null ? { value: text } : { problem };
}

/**
 * One key of a change with its value, as an API answers: what to write, or what is wrong. A null value asks about the
 * key alone and gives null when it can be set.
 */
export function checkSetting(
	place: SettingPlace,
	key: string,
	value: string | null,
): { readonly value: string } | { readonly problem: string } | null {
	const keyword = keywordOfKey(key, place);
	if (keyword === null) return { problem: unknownProperty };
	const refusal = settingRefusal(keyword, place);
	if (refusal !== null) return { problem: `property cannot be set: ${refusal}` };
	if (value === null) return null;
	const setting = readSetting(keyword, value);
	if (!("problem" in setting)) return setting;
	const words = enumerationOf(keyword);
	return words === null
		? { problem: `invalid format - value ${setting.problem}` }
		: {
				problem: `value '${printable(value)}' does not have a value in the enumeration '${words.join(", ")}'`,
			};
}

const unknownProperty =
	"property is not defined in schema and the schema does not allow additional properties";

function enumerationOf(keyword: Keyword): readonly string[] | null {
	if (keyword.type.kind === "yesno") return ["yes", "no"];
	return keyword.type.kind === "enum" ? keyword.type.words.map(({ word }) => word) : null;
}

function placeRefusal(keyword: Keyword, place: SettingPlace): string {
	const where = place === "multipaths" ? "for one LUN" : "for all LUNs";
	if (keyword.sections.includes("defaults"))
		return `multipath-tools does not accept it ${where}, only in defaults`;
	return `multipath-tools does not accept it ${where}; it belongs in multipath-overrides.conf`;
}

/**
 * What is wrong with settings that are sound one by one, by key. multipath-tools lowers the polling interval itself when
 * its longest value is below it, and then never runs what was asked for (libmultipath/config.c).
 */
export function relationProblems(
	place: SettingPlace,
	settings: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
	const longest = settings["max-polling-interval"];
	const shortest = settings["polling-interval"] ?? keywordNamed("polling_interval")?.default ?? "5";
	if (place !== "defaults" || longest === undefined || Number(longest) >= Number(shortest)) return new Map();
	return new Map([["max-polling-interval", `must not be below polling-interval (${shortest} s)`]]);
}

/** A refused value as a message may repeat it. */
function printable(value: string): string {
	return value.slice(0, 40).replace(/[^\x20-\x7e]/g, "?");
}

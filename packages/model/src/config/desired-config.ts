import { type Keyword, spelledFor } from "../multipath-conf/keywords.ts";
import type { FleetConfig } from "./fleet-config.ts";
import { keywordOfKey, type SettingPlace } from "./settable.ts";
import { soundConfig, type Unsound } from "./sound-config.ts";

/** One value that a node's multipathd is to have. */
export interface DesiredSetting {
	readonly section: SettingPlace;
	/** The LUN that it is about; null in defaults. */
	readonly wwid: string | null;
	/** As multipath.conf spells it: snake_case. */
	readonly keyword: string;
	readonly value: string;
}

/** A setting that the installed multipath-tools does not act on, and so is not given. */
export interface NotActedOn extends DesiredSetting {
	/** The release does not know the keyword or its word yet, or does not heed it any more. */
	readonly why: "too-new" | "ignored";
	/** First release that knows it, or that ignores it. */
	readonly release: string | null;
}

/** What one node is to have of the configuration: LUNs and settings in the order they are rendered. */
export interface DesiredConfig {
	/** The LUNs that the node is to carry, with what is sound of their settings. */
	readonly config: FleetConfig;
	readonly settings: readonly DesiredSetting[];
	readonly notActedOn: readonly NotActedOn[];
	readonly unsound: readonly Unsound[];
}

/**
 * What holds on every node whatever the configuration says, so that maps have one name everywhere and nothing is
 * assembled but what was allowed.
 */
export const managedBaseline: readonly DesiredSetting[] = [
	{ section: "defaults", wwid: null, keyword: "user_friendly_names", value: "no" },
	{ section: "defaults", wwid: null, keyword: "find_multipaths", value: "strict" },
];

/**
 * Works out what a node is to have. `toolsVersion` null: no release is assumed, nothing is left out for its sake.
 * `held`: LUNs that stay on the node although they are restricted to others.
 */
export function desiredOn(
	config: FleetConfig,
	node: string,
	toolsVersion: string | null,
	held: ReadonlySet<string>,
): DesiredConfig {
	const sound = soundConfig(config);
	const luns = sound.config.luns.filter(
		({ nodes, wwid }) => nodes === null || nodes.includes(node) || held.has(wwid),
	);
	const asked = [
		...settingsOf("defaults", null, sound.config.defaults),
		...luns.flatMap(({ wwid, alias, settings }) => [
			...(alias === null ? [] : settingsOf("multipaths", wwid, { alias })),
			...settingsOf("multipaths", wwid, settings),
		]),
	].map((setting) => sift(setting, toolsVersion));
	return {
		config: { ...sound.config, luns },
		settings: [...managedBaseline, ...asked.filter((setting) => !("why" in setting))],
		notActedOn: asked.filter((setting) => "why" in setting),
		unsound: sound.unsound,
	};
}

function settingsOf(
	section: SettingPlace,
	wwid: string | null,
	settings: Readonly<Record<string, string>>,
): readonly (readonly [Keyword, DesiredSetting])[] {
	return Object.entries(settings).flatMap(([key, value]) => {
		const keyword = keywordOfKey(key, section);
		return keyword === null ? [] : [[keyword, { section, wwid, keyword: keyword.name, value }] as const];
	});
}

function sift(
	[keyword, setting]: readonly [Keyword, DesiredSetting],
	toolsVersion: string | null,
): DesiredSetting | NotActedOn {
	if (toolsVersion === null) return setting;
	const spelled = spelledFor(keyword, setting.value, toolsVersion);
	if (spelled !== null) return { ...setting, value: spelled };
	if (spelledFor({ ...keyword, until: null }, setting.value, toolsVersion) !== null) {
		return { ...setting, why: "ignored", release: keyword.until };
	}
	const words = keyword.type.kind === "enum" ? keyword.type.words : [];
	const word = words.find((known) => known.word === setting.value);
	return { ...setting, why: "too-new", release: word?.since ?? keyword.since };
}

import { type Keyword, type SettingPlace, settableKeywords } from "@pathkeeper/model";

export interface Topic {
	readonly name: string;
	readonly keywords: readonly Keyword[];
}

const topics: readonly (readonly [string, RegExp])[] = [
	[
		"When paths are lost",
		/no_path_retry|_tmo$|queue|eh_deadline|flush|deferred|recheck|ghost_delay|skip_kpartx/,
	],
	["Checking paths", /polling|checker|detect_checker|retrigger|missing_uev|io_timeout|verbosity|log/],
	["Choosing paths", /group|select|prio|failback|weight|rr_|minio|load|max_sectors/],
	["Unreliable paths", /marginal|san_path|delay_w|delay_checks|purge/],
];

/** What is about unreliable paths is so whatever else its name holds. */
function topicOf(name: string): string {
	return topics.findLast(([, pattern]) => pattern.test(name))?.[0] ?? "Everything else";
}

/** The settings of a place by what they are about, in the order in which people ask for them. */
export function topicsOf(place: SettingPlace): readonly Topic[] {
	const groups = Map.groupBy(settableKeywords(place), ({ name }) => topicOf(name));
	return [...topics.map(([name]) => name), "Everything else"].flatMap((name) => {
		const keywords = groups.get(name) ?? [];
		return keywords.length === 0 ? [] : [{ name, keywords }];
	});
}

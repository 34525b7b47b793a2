import { interpretValue } from "../multipath-conf/interpret-value.ts";
import { keywordNamed } from "../multipath-conf/keywords.ts";
import type { RenderInput } from "./render-node.ts";
import { type WantedSetting, wantedOn } from "./wanted-settings.ts";

/** One value as multipathd must print it when it is asked for its effective configuration. */
export type ExpectedSetting = WantedSetting;

/**
 * What `show config` must say after a node has applied the configuration, value by value and in the words that
 * multipathd prints. A value that differs means that something else won: a later drop-in, or a daemon that did not
 * read ours. Settings of a LUN (`multipaths`) are only in `show config local` while the LUN has a map.
 */
export function expectedEffective(input: Omit<RenderInput, "overrides">): readonly ExpectedSetting[] {
	const { settings, config } = wantedOn(input.config, input.node, input.toolsVersion, new Set(input.inUse));
	if (config.luns.length === 0 && Object.keys(config.defaults).length === 0) return [];
	return settings.flatMap((setting) => {
		const value = printedValue(setting);
		return value === null ? [] : [{ ...setting, value }];
	});
}

/** What multipathd prints for a value that has several spellings; null for one that it takes as unset. */
function printedValue({ section, keyword: name, value }: WantedSetting): string | null {
	const keyword = keywordNamed(name, section);
	if (keyword === null) return null;
	const interpretation = interpretValue(keyword, value);
	return interpretation.kind === "set" ? interpretation.value : null;
}

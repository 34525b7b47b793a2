import type { AllowedLun } from "../../config/fleet-config.ts";
import { readFleetConfig } from "../../config/read-fleet-config.ts";
import type { ConfigSection } from "../../section-config/document.ts";
import { parseSectionConfig } from "../../section-config/parse.ts";
import { countText, draft, type LogDraft } from "./entry.ts";

/** One version of a document of the configuration, and the one before it. */
export interface ConfigChange {
	/** `multipath.cfg`, … */
	readonly name: string;
	readonly before: string;
	/** Null: it was taken away. */
	readonly after: string | null;
	readonly at: number;
	readonly by: string;
	readonly from: string | null;
}

/** What was changed, in words; who did it stands beside the text and is shown with it. */
export function configEntry({ name, before, after, at, by, from }: ConfigChange): LogDraft {
	const { lines, luns } =
		name === "multipath.cfg"
			? multipathChanges(before, after ?? "")
			: otherChanges(name, before, after ?? "");
	const [only] = lines;
	const what =
		after === null
			? "removed"
			: lines.length === 1 && only !== undefined
				? only
				: lines.length === 0
					? "comments or order"
					: countText(lines.length, "change");
	return draft(at, {
		kind: "config",
		event: after === null ? "removed" : "changed",
		severity: "info",
		text: `${name}: ${what}`,
		luns,
		details: lines.length > 1 ? lines : [],
		by,
		from,
	});
}

interface Changes {
	readonly lines: readonly string[];
	readonly luns: readonly string[];
}

function multipathChanges(before: string, after: string): Changes {
	const [old, now] = [readFleetConfig(before).config, readFleetConfig(after).config];
	const oldLuns = new Map(old.luns.map((lun) => [lun.wwid, lun]));
	const nowLuns = new Map(now.luns.map((lun) => [lun.wwid, lun]));
	const changed = now.luns.flatMap((lun) => {
		const former = oldLuns.get(lun.wwid);
		if (former === undefined) return [{ wwid: lun.wwid, line: `allowed LUN ${titleOf(lun)}` }];
		const words = settingChanges(settingsOf(former), settingsOf(lun));
		return words.length === 0 ? [] : [{ wwid: lun.wwid, line: `LUN ${titleOf(lun)}: ${words.join(", ")}` }];
	});
	const gone = old.luns
		.filter(({ wwid }) => !nowLuns.has(wwid))
		.map((lun) => ({ wwid: lun.wwid, line: `forgot LUN ${titleOf(lun)}` }));
	const all = [...gone, ...changed];
	const defaults = settingChanges(old.defaults, now.defaults).map((words) => `defaults: ${words}`);
	return { lines: [...defaults, ...all.map(({ line }) => line)], luns: all.map(({ wwid }) => wwid) };
}

function titleOf({ alias, wwid }: AllowedLun): string {
	return alias === null ? wwid : `${alias} (${wwid})`;
}

function settingsOf({ alias, comment, expectedPaths, nodes, settings }: AllowedLun): Record<string, string> {
	return {
		...settings,
		...(alias === null ? {} : { alias }),
		...(comment === null ? {} : { comment }),
		...(expectedPaths === null ? {} : { "expected-paths": String(expectedPaths) }),
		...(nodes === null ? {} : { nodes: nodes.join(",") }),
	};
}

function settingChanges(
	before: Readonly<Record<string, string>>,
	after: Readonly<Record<string, string>>,
): string[] {
	return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
		const [old, now] = [before[key], after[key]];
		if (old === now) return [];
		if (now === undefined) return [`${key} removed (was ${old})`];
		return [old === undefined ? `${key} set to ${now}` : `${key} ${now} (was ${old})`];
	});
}

/** Overrides are shown by their size; the page shows the difference itself. */
function otherChanges(name: string, before: string, after: string): Changes {
	if (!name.endsWith(".cfg")) {
		const lines = (text: string) => (text === "" ? 0 : text.split("\n").length);
		return { lines: [`${countText(lines(after), "line")} (were ${lines(before)})`], luns: [] };
	}
	const sections = (text: string) =>
		new Map(
			parseSectionConfig(text).sections.map((section) => [
				`${section.type} ${section.id}`,
				JSON.stringify(propertiesOf(section)),
			]),
		);
	const [old, now] = [sections(before), sections(after)];
	const names = new Set([...old.keys(), ...now.keys()]);
	return {
		lines: [...names].flatMap((section) => {
			if (old.get(section) === now.get(section)) return [];
			if (!now.has(section)) return [`removed ${section}`];
			return [old.has(section) ? `changed ${section}` : `added ${section}`];
		}),
		luns: [],
	};
}

function propertiesOf({ properties }: ConfigSection) {
	return properties.map(({ key, value }) => [key, value]);
}

import { keywords } from "../multipath-conf/keywords.ts";
import { checkSections, type SectionKeyKind, type SectionTypes } from "../section-config/check.ts";
import type {
	ConfigProperty,
	ConfigSection,
	SectionConfigDocument,
	SectionConfigProblem,
} from "../section-config/document.ts";
import { parseSectionConfig } from "../section-config/parse.ts";
import type { AllowedLun, FleetConfig } from "./fleet-config.ts";
import { checkComment, checkExpectedPaths, checkNodes, lunProperties, splitList } from "./lun-properties.ts";
import { aliasProblems, checkWwid, defaultsId, isNodeName } from "./names.ts";
import {
	keywordOfKey,
	readSetting,
	relationProblems,
	type SettingPlace,
	settingRefusal,
} from "./settable.ts";

/**
 * The typed view of `multipath.cfg`, and everything in the text that has no part in it. A bad value leaves out its
 * key; a bad WWID leaves out its LUN; nothing else goes with them. Problems of severity `error` are about wishes that
 * are not carried out as written; whoever applies the document decides whether to go on. Never throws.
 */
export function readFleetConfig(text: string): {
	readonly config: FleetConfig;
	readonly problems: readonly SectionConfigProblem[];
} {
	const doc = parseSectionConfig(text);
	const reading: Reading = { doc, problems: checkSections(doc, sectionTypes()) };
	const last = new Map(doc.sections.map((section) => [`${section.type}: ${section.id}`, section]));
	const effective = doc.sections.filter((section) => last.get(`${section.type}: ${section.id}`) === section);

	const defaults = effective.filter((section) => section.type === "defaults" && isDefaults(reading, section));
	const wwids = effective.filter((section) => section.type === "wwid" && isLun(reading, section));
	const config = {
		defaults: defaults.map((section) => settingsOf(reading, section, "defaults"))[0] ?? {},
		luns: withSoundAliases(
			reading,
			wwids.map((section) => [section, lunOf(reading, section)]),
		),
	};
	return { config, problems: reading.problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

interface Reading {
	readonly doc: SectionConfigDocument;
	readonly problems: SectionConfigProblem[];
}

/** Every keyword of multipath-tools is known by name, so that one that cannot be set is told why. */
function sectionTypes(): SectionTypes {
	const keys: [string, SectionKeyKind][] = keywords.map((keyword) => [
		keyword.name.replaceAll("_", "-"),
		keyword.type.kind === "yesno" ? "flag" : "text",
	]);
	return {
		defaults: Object.fromEntries(keys),
		wwid: Object.fromEntries([...keys, ...lunProperties.map((key) => [key, "text"] as const)]),
	};
}

function isDefaults(reading: Reading, section: ConfigSection): boolean {
	if (section.id === defaultsId) return true;
	complainOfSection(
		reading,
		section,
		`the section of defaults must be 'defaults: ${defaultsId}'; it has no effect`,
	);
	return false;
}

function isLun(reading: Reading, section: ConfigSection): boolean {
	const problem = checkWwid(section.id);
	if (problem === null) return true;
	complainOfSection(reading, section, `WWID '${shown(section.id)}' ${problem}; the LUN is not allowed`);
	return false;
}

function settingsOf(reading: Reading, section: ConfigSection, place: SettingPlace): Record<string, string> {
	const settings = new Map<string, string>();
	for (const property of firsts(section)) {
		const keyword = isLunProperty(property.key, place) ? null : keywordOfKey(property.key, place);
		if (keyword === null) continue;
		const refusal = settingRefusal(keyword, place);
		if (refusal !== null) {
			complain(reading, property, `${property.key} cannot be set: ${refusal}`);
			continue;
		}
		if (property.value === null && keyword.type.kind !== "yesno") continue;
		const setting = readSetting(keyword, property.value);
		if ("problem" in setting) complain(reading, property, `${property.key} ${setting.problem}`);
		else settings.set(property.key, setting.value);
	}
	for (const [key, problem] of relationProblems(place, Object.fromEntries(settings))) {
		const property = firsts(section).find((candidate) => candidate.key === key);
		if (property !== undefined) complain(reading, property, `${key} ${problem}`);
		settings.delete(key);
	}
	return Object.fromEntries(settings);
}

function lunOf(reading: Reading, section: ConfigSection): AllowedLun {
	const comment = checked(reading, section, "comment", checkComment);
	const expectedPaths = checked(reading, section, "expected-paths", checkExpectedPaths);
	return {
		wwid: section.id,
		alias: textOf(section, "alias"),
		comment,
		expectedPaths: expectedPaths === null ? null : Number(expectedPaths),
		nodes: nodesOf(reading, section),
		settings: settingsOf(reading, section, "multipaths"),
	};
}

/** A restriction that cannot be read in full restricts to what can be read: it never widens to all nodes. */
function nodesOf(reading: Reading, section: ConfigSection): readonly string[] | null {
	const property = firsts(section).find(({ key }) => key === "nodes");
	if (property === undefined) return null;
	const text = property.value ?? "";
	const problem = checkNodes(text);
	if (problem !== null) complain(reading, property, `nodes: ${problem}`);
	return [...new Set(splitList(text).filter(isNodeName))];
}

function withSoundAliases(
	reading: Reading,
	luns: readonly (readonly [ConfigSection, AllowedLun])[],
): readonly AllowedLun[] {
	const problems = aliasProblems(luns.map(([, lun]) => lun));
	return luns.map(([section, lun]) => {
		const problem = problems.get(lun.wwid);
		if (problem === undefined) return lun;
		const property = firsts(section).find(({ key }) => key === "alias");
		if (property !== undefined)
			complain(reading, property, `alias '${shown(lun.alias ?? "")}' ${problem.text}`);
		return { ...lun, alias: null };
	});
}

/** The first property of each key: the one that counts. */
function firsts(section: ConfigSection): readonly ConfigProperty[] {
	const seen = new Set<string>();
	return section.properties.filter(({ key }) => !seen.has(key) && seen.add(key));
}

function textOf(section: ConfigSection, key: string): string | null {
	return section.properties.find((property) => property.key === key)?.value ?? null;
}

function checked(
	reading: Reading,
	section: ConfigSection,
	key: string,
	check: (text: string) => string | null,
): string | null {
	const property = firsts(section).find((candidate) => candidate.key === key);
	if (property === undefined || property.value === null) return null;
	const problem = check(property.value);
	if (problem === null) return property.value;
	complain(reading, property, `${key}: ${problem}`);
	return null;
}

function isLunProperty(key: string, place: SettingPlace): boolean {
	return place === "multipaths" && lunProperties.some((property) => property === key);
}

function complain(reading: Reading, property: ConfigProperty, text: string): void {
	reading.problems.push({
		line: property.line + 1,
		column: property.value === null ? property.keyColumn : property.valueColumn,
		severity: "error",
		text,
	});
}

function complainOfSection(reading: Reading, section: ConfigSection, text: string): void {
	reading.problems.push({ line: section.from + 1, column: 1, severity: "error", text });
}

/** A hostile text, cut to what fits into a message. */
function shown(text: string): string {
	return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

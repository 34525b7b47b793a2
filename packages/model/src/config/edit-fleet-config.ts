import { PathkeeperError } from "../errors.ts";
import {
	findSection,
	printSectionConfig,
	type SectionConfigDocument,
	type SectionName,
} from "../section-config/document.ts";
import { addSection, changeSectionKeys, removeSection } from "../section-config/edit.ts";
import { parseSectionConfig } from "../section-config/parse.ts";
import { valueProblem } from "../section-config/writable.ts";
import type { AllowedLun } from "./fleet-config.ts";
import { checkComment, checkExpectedPaths, checkNodes, splitList } from "./lun-properties.ts";
import {
	checkAlias,
	checkWwid,
	defaultsId,
	type KnownNames,
	nothingKnown,
	takenNames,
	wwidCollision,
} from "./names.ts";
import { readFleetConfig } from "./read-fleet-config.ts";
import { checkSetting, relationProblems } from "./settable.ts";

/**
 * Edits of `multipath.cfg`: text in, text out, and every line that an edit does not name keeps its bytes. They throw
 * PARAMETER_INVALID with a message for each property at fault, in the words of Proxmox VE, and then nothing of the
 * edit is done.
 */

/** Keys in kebab-case with their values as text; a key in neither list stays as it is. */
export interface SectionChange {
	readonly set?: Readonly<Record<string, string>>;
	readonly delete?: readonly string[];
}

/** Changes the settings that hold for every LUN. The section goes with its last key. */
export function setDefaults(text: string, change: SectionChange): string {
	const name = { type: "defaults", id: defaultsId };
	const doc = parseSectionConfig(text);
	const set = soundEntries(change, (key, value) => checkSetting("defaults", key, value));
	checkDeletions(doc, name, change, (key) => checkSetting("defaults", key, null) === null);
	const changed = changeSection(doc, name, set, change.delete ?? []);
	checkRelations(changed, name);
	const empty = findSection(changed, name)?.properties.length === 0;
	return printSectionConfig(empty ? removeSection(changed, name) : changed);
}

/**
 * Puts a LUN on the allow-list. `set` may hold `alias`, `comment`, `expected-paths`, `nodes` and what multipath-tools
 * takes per LUN. Errors: PARAMETER_INVALID, ALREADY_EXISTS.
 */
export function allowLun(
	text: string,
	wwid: string,
	set: Readonly<Record<string, string>> = {},
	known: KnownNames = nothingKnown,
): string {
	const doc = parseSectionConfig(text);
	const { luns } = readFleetConfig(text).config;
	const problem = checkWwid(wwid) ?? wwidCollision(wwid, takenNames(luns, known));
	const fields = problem === null ? {} : { wwid: `invalid format - WWID ${problem}` };
	const entries = soundEntries(
		{ set },
		(key, value) => checkLunEntry(key, value, { wwid, luns, known }),
		fields,
	);
	if (doc.sections.some((section) => section.id === wwid)) {
		throw new PathkeeperError("ALREADY_EXISTS", { what: `LUN ${wwid} in the allow-list` });
	}
	return printSectionConfig(addSection(doc, { type: "wwid", id: wwid }, entries));
}

/** Changes what a LUN of the allow-list has set. Errors: PARAMETER_INVALID, NOT_FOUND. */
export function updateLun(
	text: string,
	wwid: string,
	change: SectionChange,
	known: KnownNames = nothingKnown,
): string {
	const name = { type: "wwid", id: wwid };
	const doc = parseSectionConfig(text);
	if (findSection(doc, name) === undefined) throw notAllowed(wwid);
	const { luns } = readFleetConfig(text).config;
	const set = soundEntries(change, (key, value) => checkLunEntry(key, value, { wwid, luns, known }));
	checkDeletions(doc, name, change, (key) => checkLunEntry(key, null, { wwid, luns, known }) === null);
	return printSectionConfig(changeSection(doc, name, set, change.delete ?? []));
}

/**
 * Takes a LUN off the allow-list, every section of it. Only the text changes: that no map of it is open anywhere has
 * to be made sure of before. A section that is stored under no sound WWID can be taken out like any other.
 * Errors: NOT_FOUND.
 */
export function withoutLun(text: string, wwid: string): string {
	const name = { type: "wwid", id: wwid };
	const doc = parseSectionConfig(text);
	if (findSection(doc, name) === undefined) throw notAllowed(wwid);
	return printSectionConfig(removeSection(doc, name));
}

function notAllowed(wwid: string): PathkeeperError {
	return new PathkeeperError("NOT_FOUND", { what: `LUN ${wwid.slice(0, 127)} in the allow-list` });
}

interface LunContext {
	readonly wwid: string;
	readonly luns: readonly AllowedLun[];
	readonly known: KnownNames;
}

type Checked = { readonly value: string } | { readonly problem: string };

/** One key of a LUN with its value; a null value asks about the key alone. */
function checkLunEntry(key: string, value: string | null, lun: LunContext): Checked | null {
	const check = lunChecks.get(key);
	if (check === undefined) return checkSetting("multipaths", key, value);
	if (value === null) return null;
	const problem = check(value, lun);
	if (problem !== null) return { problem };
	return { value: key === "nodes" ? splitList(value).join(",") : value };
}

const lunChecks: ReadonlyMap<string, (value: string, lun: LunContext) => string | null> = new Map([
	["alias", (value: string, lun: LunContext) => aliasProblem(value, lun)],
	["comment", checkComment],
	["expected-paths", checkExpectedPaths],
	["nodes", checkNodes],
]);

function aliasProblem(alias: string, lun: LunContext): string | null {
	const problem = checkAlias(alias, lun);
	return problem === null ? null : `invalid format - alias ${problem}`;
}

/** What is to be written, with every problem of every property told at once. */
function soundEntries(
	change: SectionChange,
	check: (key: string, value: string) => Checked | null,
	found: Readonly<Record<string, string>> = {},
): readonly (readonly [string, string])[] {
	const fields = new Map(Object.entries(found));
	const entries: [string, string][] = [];
	for (const [key, value] of Object.entries(change.set ?? {})) {
		const written = change.delete?.includes(key)
			? { problem: `cannot set and delete property '${key}' at the same time!` }
			: check(key, value);
		if (written === null) continue;
		const problem = "problem" in written ? written.problem : valueProblem(written.value);
		if (problem !== null) fields.set(key, problem);
		else if ("value" in written) entries.push([key, written.value]);
	}
	if (fields.size > 0) throw new PathkeeperError("PARAMETER_INVALID", { fields: Object.fromEntries(fields) });
	return entries;
}

/** A key may be deleted when it may be set, or when it stands in the section however it came there. */
function checkDeletions(
	doc: SectionConfigDocument,
	name: SectionName,
	change: SectionChange,
	settable: (key: string) => boolean,
): void {
	const present = new Set(findSection(doc, name)?.properties.map(({ key }) => key));
	const unknown = (change.delete ?? []).filter((key) => !present.has(key) && !settable(key));
	if (unknown.length === 0) return;
	throw new PathkeeperError("PARAMETER_INVALID", {
		fields: Object.fromEntries(unknown.map((key) => [key, `no such option '${key.slice(0, 80)}'`])),
	});
}

/** Settings that are right one by one and wrong together. */
function checkRelations(doc: SectionConfigDocument, name: SectionName): void {
	const properties = findSection(doc, name)?.properties ?? [];
	const settings = Object.fromEntries(properties.map(({ key, value }) => [key, value ?? ""]).reverse());
	const problems = relationProblems("defaults", settings);
	if (problems.size === 0) return;
	throw new PathkeeperError("PARAMETER_INVALID", {
		fields: Object.fromEntries(
			[...problems].map(([key, problem]) => [key, `invalid format - value ${problem}`]),
		),
	});
}

function changeSection(
	doc: SectionConfigDocument,
	name: SectionName,
	set: readonly (readonly [string, string])[],
	deleted: readonly string[],
): SectionConfigDocument {
	if (findSection(doc, name) === undefined) return set.length === 0 ? doc : addSection(doc, name, set);
	return changeSectionKeys(doc, name, { set, delete: deleted });
}

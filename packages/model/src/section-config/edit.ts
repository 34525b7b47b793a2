import { PathkeeperError } from "../errors.ts";
import {
	type ConfigSection,
	findSection,
	type SectionConfigDocument,
	type SectionConfigLine,
	type SectionName,
	type SectionValue,
} from "./document.ts";
import { parseSectionConfig } from "./parse.ts";
import { entryProblems, sectionNameProblem } from "./writable.ts";

type NewLine = Pick<SectionConfigLine, "text" | "end">;

/** What is to become of the keys of a section: `delete` comes first, and `set` names each key once. */
export interface KeyChange {
	readonly set?: readonly (readonly [key: string, value: SectionValue])[];
	readonly delete?: readonly string[];
}

/**
 * Changes keys of one section and gives the new document. A key that is there keeps its place, its indentation and its
 * distance to the value; new ones follow the section's last key; every line of a deleted key goes, and a key that is
 * not there is deleted already. Every line that is not about these keys keeps its bytes. However many keys are
 * changed, the text is read once. Errors: NOT_FOUND, PARAMETER_INVALID (key or value that the grammar cannot carry).
 */
export function changeSectionKeys(
	doc: SectionConfigDocument,
	name: SectionName,
	change: KeyChange,
): SectionConfigDocument {
	const section = sectionOrThrow(doc, name);
	const set = change.set ?? [];
	throwProblems(entryProblems(set));
	const deleted = new Set(change.delete);
	const end = lineEndOf(doc);
	const kept = section.properties.filter(({ key }) => !deleted.has(key));
	const places = Map.groupBy(kept, ({ key }) => key);
	/** By the index of a line: the lines that stand there afterwards. */
	const instead = new Map<number, readonly NewLine[]>(
		section.properties.filter(({ key }) => deleted.has(key)).map(({ line }) => [line, []]),
	);
	const fresh: (readonly [string, SectionValue])[] = [];
	for (const [key, value] of set) {
		const [first, ...further] = places.get(key) ?? [];
		if (first === undefined) {
			fresh.push([key, value]);
			continue;
		}
		const text = doc.lines[first.line]?.text ?? "";
		const gap =
			first.value === null ? " " : text.slice(first.keyColumn - 1 + key.length, first.valueColumn - 1);
		instead.set(first.line, entryLines([key, value], text.slice(0, first.keyColumn - 1), gap, end));
		for (const { line } of further) instead.set(line, []);
	}
	const last = kept.findLast(({ line }) => instead.get(line)?.length !== 0);
	const indent = last === undefined ? "\t" : (doc.lines[last.line]?.text ?? "").slice(0, last.keyColumn - 1);
	const added = fresh.flatMap((entry) => entryLines(entry, indent, " ", end));
	const place = last?.line ?? section.from;
	const lines = doc.lines.flatMap((line, index) => {
		const here = instead.get(index) ?? [line];
		return index === place ? [...here, ...added] : here;
	});
	return documentOf(lines, [], [], end);
}

function entryLines(
	[key, value]: readonly [string, SectionValue],
	indent: string,
	gap: string,
	end: NewLine["end"],
): readonly NewLine[] {
	return linesOf(value).map((text) => ({ text: indent + key + (text === null ? "" : gap + text), end }));
}

/**
 * Adds a section at the end, with an empty line around it. Errors: ALREADY_EXISTS (ids are shared by all types),
 * PARAMETER_INVALID (type, id, key or value that the grammar cannot carry).
 */
export function addSection(
	doc: SectionConfigDocument,
	name: SectionName,
	entries: readonly (readonly [string, SectionValue])[],
): SectionConfigDocument {
	const problem = sectionNameProblem(name);
	throwProblems({ ...(problem === null ? {} : { id: problem }), ...entryProblems(entries) });
	if (doc.sections.some((section) => section.id === name.id)) {
		throw new PathkeeperError("ALREADY_EXISTS", { what: `section '${name.id}'` });
	}
	const end = lineEndOf(doc);
	const last = doc.lines.at(-1);
	const gap = last !== undefined && last.kind !== "empty" ? [{ text: "", end }] : [];
	const body = entries.flatMap(([key, value]) =>
		linesOf(value).map((text) => ({ text: `\t${key}${text === null ? "" : ` ${text}`}`, end })),
	);
	const added = [...gap, { text: `${name.type}: ${name.id}`, end }, ...body, { text: "", end }];
	return documentOf(doc.lines, added, [], end);
}

/**
 * Removes every section of the name, from the header to its last line, and the empty line that ended it where that
 * is not needed by the section before. Errors: NOT_FOUND.
 */
export function removeSection(doc: SectionConfigDocument, name: SectionName): SectionConfigDocument {
	sectionOrThrow(doc, name);
	return removeSections(doc, ({ type, id }) => type === name.type && id === name.id);
}

/** Removes every section that is meant, as `removeSection` does; the text is read once, however many they are. */
export function removeSections(
	doc: SectionConfigDocument,
	isMeant: (section: ConfigSection) => boolean,
): SectionConfigDocument {
	const kept: SectionConfigLine[] = [];
	let at = 0;
	for (const { from, to } of doc.sections.filter(isMeant)) {
		for (; at < from; at++) kept.push(...doc.lines.slice(at, at + 1));
		const before = kept.at(-1);
		const takesEmptyLine =
			doc.lines[to]?.kind === "empty" && (before === undefined || before.kind === "empty");
		at = takesEmptyLine ? to + 1 : to;
	}
	return documentOf([...kept, ...doc.lines.slice(at)]);
}

function sectionOrThrow(doc: SectionConfigDocument, name: SectionName): ConfigSection {
	const section = findSection(doc, name);
	if (section !== undefined) return section;
	throw new PathkeeperError("NOT_FOUND", { what: `section '${name.type}: ${name.id}'` });
}

function throwProblems(fields: Readonly<Record<string, string>>): void {
	if (Object.keys(fields).length > 0) throw new PathkeeperError("PARAMETER_INVALID", { fields });
}

function linesOf(value: SectionValue): readonly (string | null)[] {
	return value === null || typeof value === "string" ? [value] : value;
}

/** New lines end as the document's first line does. */
function lineEndOf(doc: SectionConfigDocument): "\n" | "\r\n" {
	return doc.lines[0]?.end === "\r\n" ? "\r\n" : "\n";
}

/** Read anew from its text, so that a document is never anything else than what its text says. */
function documentOf(
	before: readonly NewLine[],
	written: readonly NewLine[] = [],
	after: readonly NewLine[] = [],
	end: "\n" | "\r\n" = "\n",
): SectionConfigDocument {
	const lines = [...before, ...written, ...after];
	const ended = lines.map((line, index) => {
		if (line.end.endsWith("\n") || index === lines.length - 1) return line.text + line.end;
		return line.text + (line.end === "\r" ? "\r\n" : end);
	});
	return parseSectionConfig(ended.join(""));
}

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

/**
 * Sets one key and gives the new document. A key that is there keeps its place, its indentation and its distance to
 * the value; a new one follows the section's last key. Every line that is not about the key keeps its bytes.
 * Errors: NOT_FOUND, PARAMETER_INVALID (key or value that the grammar cannot carry).
 */
export function setSectionKey(
	doc: SectionConfigDocument,
	name: SectionName,
	key: string,
	value: SectionValue,
): SectionConfigDocument {
	const section = sectionOrThrow(doc, name);
	throwProblems(entryProblems([[key, value]]));
	const old = section.properties.filter((property) => property.key === key);
	const oldLines = new Set(old.map((property) => property.line));
	const first = old[0];
	const model = first ?? section.properties.at(-1);
	const modelText = model === undefined ? "" : (doc.lines[model.line]?.text ?? "");
	const indent = model === undefined ? "\t" : modelText.slice(0, model.keyColumn - 1);
	const gap =
		first === undefined || first.value === null
			? " "
			: modelText.slice(first.keyColumn - 1 + key.length, first.valueColumn - 1);
	const end = lineEndOf(doc);
	const written = linesOf(value).map((text) => ({
		text: indent + key + (text === null ? "" : gap + text),
		end,
	}));

	const place = first?.line ?? (model?.line ?? section.from) + 1;
	const before = doc.lines.slice(0, place);
	const after = doc.lines.slice(place).filter((_, offset) => !oldLines.has(place + offset));
	return documentOf(before, written, after, end);
}

/** Deletes every line of a key. A key that is not there changes nothing. Errors: NOT_FOUND (the section). */
export function deleteSectionKey(
	doc: SectionConfigDocument,
	name: SectionName,
	key: string,
): SectionConfigDocument {
	const section = sectionOrThrow(doc, name);
	const gone = new Set(section.properties.filter((p) => p.key === key).map((p) => p.line));
	return documentOf(doc.lines.filter((_, index) => !gone.has(index)));
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
		throw new PathkeeperError("ALREADY_EXISTS", { values: { what: `section '${name.id}'` } });
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
	const { from, to } = sectionOrThrow(doc, name);
	const previous = doc.lines[from - 1];
	const next = doc.lines[to];
	const takesEmptyLine = next?.kind === "empty" && (previous === undefined || previous.kind === "empty");
	const rest = documentOf(doc.lines.slice(0, from), [], doc.lines.slice(takesEmptyLine ? to + 1 : to));
	return findSection(rest, name) === undefined ? rest : removeSection(rest, name);
}

function sectionOrThrow(doc: SectionConfigDocument, name: SectionName): ConfigSection {
	const section = findSection(doc, name);
	if (section !== undefined) return section;
	throw new PathkeeperError("NOT_FOUND", { values: { what: `section '${name.type}: ${name.id}'` } });
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

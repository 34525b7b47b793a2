import type { ConfigProperty, SectionConfigDocument, SectionConfigProblem } from "./document.ts";

/** `text`: one value; `flag`: may stand alone; `list`: may be repeated. */
export type SectionKeyKind = "text" | "flag" | "list";

/** What a file may hold: its section types, each with its keys. */
export type SectionTypes = Readonly<Record<string, Readonly<Record<string, SectionKeyKind>>>>;

/**
 * What a file holds that its schema does not know, in the order of the text, with what the grammar complained of.
 * Everything told here stays in the document: it may be from a newer release, or a slip that somebody wants to see.
 */
export function checkSections(doc: SectionConfigDocument, types: SectionTypes): SectionConfigProblem[] {
	const found: SectionConfigProblem[] = [...doc.problems];
	for (const section of doc.sections) {
		const keys = Object.hasOwn(types, section.type) ? types[section.type] : undefined;
		if (keys === undefined) {
			found.push(
				problem(
					section.from,
					1,
					"warning",
					`section type '${section.type}' is unknown; the section is kept and has no effect`,
				),
			);
			continue;
		}
		const seen = new Set<string>();
		for (const property of section.properties) {
			const text = propertyProblem(property, keys, seen.has(property.key));
			if (text !== null) found.push(problem(property.line, property.keyColumn, "warning", text));
			seen.add(property.key);
		}
	}
	return found.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** A boolean as section config writes it: a bare key is true; null for a word that is none. */
export function flagOf(value: string | null): boolean | null {
	if (value === null || /^(?:1|on|yes|true)$/i.test(value)) return true;
	return /^(?:0|off|no|false)$/i.test(value) ? false : null;
}

function propertyProblem(
	property: ConfigProperty,
	keys: Readonly<Record<string, SectionKeyKind>>,
	repeated: boolean,
): string | null {
	const { key, value } = property;
	const kind = Object.hasOwn(keys, key) ? keys[key] : undefined;
	if (kind === undefined) return `key '${key}' is unknown; it is kept and has no effect`;
	if (repeated && kind !== "list") return `key '${key}' appears here again; the first one is used`;
	if (value === null && kind !== "flag") return `key '${key}' has no value and has no effect`;
	return null;
}

function problem(
	line: number,
	column: number,
	severity: SectionConfigProblem["severity"],
	text: string,
): SectionConfigProblem {
	return { line: line + 1, column, severity, text };
}

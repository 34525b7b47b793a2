/**
 * Proxmox VE's section config files (`storage.cfg`, `multipath.cfg`), kept whole: every byte of the text is in the
 * document, whether it was understood or not, so that a rewrite loses nothing.
 *
 *     # a comment stands anywhere and ends nothing
 *     wwid: 360014050000000100005ca14ab18000
 *     	alias db-log
 *     	shared
 *
 * A header `type: id` at column 0 opens a section; indented lines are its keys; an empty line ends it. There are no
 * quotes and no escapes: a value goes to the end of the line, without the blanks around it. A key without a value
 * is a true boolean. A repeated key is a list where the key is one, else the first counts.
 * Source: pve-common src/PVE/SectionConfig.pm.
 *
 * Two things are read more kindly than there, because the strict reading silently gives one section's keys to
 * another: a header that follows a key without an empty line opens its section all the same (reported), and
 * lines may end in CR LF.
 */
export interface SectionConfigDocument {
	readonly lines: readonly SectionConfigLine[];
	/** In the order of the text; an id may occur twice, which is reported. */
	readonly sections: readonly ConfigSection[];
	/** What the grammar could not make sense of, in the order of the text. */
	readonly problems: readonly SectionConfigProblem[];
}

export type LineEnd = "\n" | "\r\n" | "\r" | "";

export interface SectionConfigLine {
	/** Without the line end. */
	readonly text: string;
	/** Empty or half only on a last line that is not ended. */
	readonly end: LineEnd;
	/** `stray`: nothing that the grammar knows; kept and reported. */
	readonly kind: "empty" | "comment" | "header" | "property" | "stray";
}

export interface ConfigSection {
	readonly type: string;
	readonly id: string;
	/** 0-based index of the header in `lines`. */
	readonly from: number;
	/** Index after the section's last line; the empty line that ends it is not part of it. */
	readonly to: number;
	readonly properties: readonly ConfigProperty[];
}

export interface ConfigProperty {
	readonly key: string;
	/** Null: the key stands alone, which means true. */
	readonly value: string | null;
	/** 0-based index in `lines`. */
	readonly line: number;
	/** 1-based column of the key, in UTF-16 units. */
	readonly keyColumn: number;
	/** 1-based column of the value; of the end of the key when there is none. */
	readonly valueColumn: number;
}

export interface SectionConfigProblem {
	/** 1-based. */
	readonly line: number;
	/** 1-based, in UTF-16 units. */
	readonly column: number;
	readonly severity: "warning" | "error";
	readonly text: string;
}

/** How a section is named in calls: by type and id, as in its header. */
export interface SectionName {
	readonly type: string;
	readonly id: string;
}

/** A value to write: text, null for a bare key (true), or one line for each element of a list. */
export type SectionValue = string | null | readonly string[];

/** The section that counts: of several with one name the last, as in Proxmox VE. */
export function findSection(doc: SectionConfigDocument, name: SectionName): ConfigSection | undefined {
	return doc.sections.findLast((section) => section.type === name.type && section.id === name.id);
}

/** The text of a document, byte for byte what was parsed when nothing was edited. */
export function printSectionConfig(doc: SectionConfigDocument): string {
	return doc.lines.map((line) => line.text + line.end).join("");
}

import type { Io } from "../io.ts";
import { type Column, fittedTable } from "./table.ts";
import { wrapped } from "./wrap.ts";

export const formats = ["table", "json", "ndjson"] as const;
export type Format = (typeof formats)[number];

const simulatedMark = "SIMULATED: no host and no SAN below is real.";

/** Prints a result in the format that was asked for, marked when the hosts behind it are simulated. */
export class Output {
	readonly #io: Io;
	readonly #format: Format;
	readonly #width: number;
	#simulated = false;
	#marked = false;
	readonly #hidden = new Set<string>();

	constructor(io: Io, format: Format, wide = false) {
		this.#io = io;
		this.#format = format;
		this.#width = wide || io.columns === null ? Number.POSITIVE_INFINITY : widthOf(io.columns);
	}

	get colour(): boolean {
		// https://no-color.org: set and not empty.
		return this.#io.isTerminal && (this.#io.env["NO_COLOR"] ?? "") === "";
	}

	/** Columns that lines should keep to; infinite where the output is no terminal. */
	get width(): number {
		return this.#width;
	}

	/** True when the output is for people. */
	get isTable(): boolean {
		return this.#format === "table";
	}

	/** From here on everything printed is marked as simulated. */
	noteSimulated(): void {
		this.#simulated = true;
	}

	/** One document: as text for people, or as JSON. */
	document(value: object, text: () => string): void {
		if (this.isTable) this.text(text());
		else this.#json(this.#marking(value));
	}

	/** Many rows: as text for people, as one JSON array, or as one JSON document a line. */
	rows(values: readonly object[], text: () => string): void {
		if (this.isTable) {
			this.text(text());
			return;
		}
		// A list of nothing has no place for the mark.
		if (this.#simulated && values.length === 0) this.note(simulatedMark);
		const marked = values.map((value) => this.#marking(value));
		if (this.#format === "json") this.#json(marked);
		else for (const value of marked) this.#json(value);
	}

	/** Text for people. */
	text(text: string): void {
		this.#mark(`${simulatedMark}\n`);
		this.#io.out(text);
	}

	/** A text that may be kept in a file and read by a program: its mark is a comment of that file. */
	file(text: string): void {
		this.#mark(`# ${simulatedMark}\n`);
		this.#io.out(text);
	}

	/** A line beside the result, on standard error: a text for people, a JSON document for programs. */
	note(text: string): void {
		this.#io.err(
			this.isTable
				? wrapped(text, this.#width, "", "  ")
				: `${harmlessJson(JSON.stringify({ note: text }))}\n`,
		);
	}

	/** Rows under their heads, made to fit the terminal; which columns did not is said once. */
	table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
		const { text, hidden } = fittedTable(columns, rows, this.#width);
		const news = hidden.filter((head) => !this.#hidden.has(head));
		for (const head of news) this.#hidden.add(head);
		return news.length === 0
			? text
			: `${text}(not shown at this width: ${news.join(", ")}; --wide shows all)\n`;
	}

	/** A paragraph, its further lines set in. */
	lines(text: string, first = "", next = "  "): string {
		return wrapped(text, this.#width, first, next);
	}

	#json(value: unknown): void {
		const text = JSON.stringify(value, null, this.#format === "json" ? 2 : undefined);
		this.#io.out(`${harmlessJson(text)}\n`);
	}

	#mark(mark: string): void {
		if (this.#simulated && !this.#marked) this.#io.out(mark);
		this.#marked = true;
	}

	#marking(value: object): object {
		return this.#simulated ? { ...value, simulated: 1 } : value;
	}
}

/** A serial console often tells a width of 0: it does not know its own. */
export function widthOf(columns: number): number {
	return columns < 1 ? 80 : Math.max(40, columns);
}

/** The same JSON, with what could still steer a terminal or turn its text around as escapes. */
export function harmlessJson(json: string): string {
	return json.replace(
		/[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

import type { Io } from "../io.ts";

export const formats = ["table", "json", "ndjson"] as const;
export type Format = (typeof formats)[number];

/** Prints a result in the format that was asked for, marked when the hosts behind it are simulated. */
export class Output {
	readonly #io: Io;
	readonly #format: Format;
	#simulated = false;
	#marked = false;

	constructor(io: Io, format: Format) {
		this.#io = io;
		this.#format = format;
	}

	get colour(): boolean {
		return this.#io.isTerminal && this.#io.env["NO_COLOR"] === undefined;
	}

	/** From here on everything printed is marked as simulated. */
	noteSimulated(): void {
		this.#simulated = true;
	}

	/** One document: as text for people, or as JSON. */
	document(value: object, text: () => string): void {
		if (this.#format === "table") this.text(text());
		else
			this.#io.out(
				`${JSON.stringify(this.#marking(value), null, this.#format === "json" ? 2 : undefined)}\n`,
			);
	}

	/** Many rows: as text for people, as one JSON array, or as one JSON document a line. */
	rows(values: readonly object[], text: () => string): void {
		if (this.#format === "table") this.text(text());
		else if (this.#format === "json") {
			this.#io.out(
				`${JSON.stringify(
					values.map((value) => this.#marking(value)),
					null,
					2,
				)}\n`,
			);
		} else for (const value of values) this.#io.out(`${JSON.stringify(this.#marking(value))}\n`);
	}

	/** Text for people. */
	text(text: string): void {
		if (this.#simulated && !this.#marked) this.#io.out("SIMULATED: no host and no SAN below is real.\n");
		this.#marked = true;
		this.#io.out(text);
	}

	#marking(value: object): object {
		return this.#simulated ? { ...value, simulated: 1 } : value;
	}
}

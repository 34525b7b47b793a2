import type { Io } from "../io.ts";

/** One line on the terminal that says what is going on, and is gone when it has ended. */
export class Progress {
	readonly #io: Io;
	#text = "";

	constructor(io: Io) {
		this.#io = io;
	}

	show(text: string): void {
		if (!this.#io.showsProgress || text === this.#text) return;
		this.#text = text;
		this.#io.err(`\r\u001b[K${text}`);
	}

	end(): void {
		if (this.#text !== "") this.#io.err("\r\u001b[K");
		this.#text = "";
	}
}

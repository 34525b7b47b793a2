import { textOf } from "./frame.ts";

/** Shorter replies cost nothing worth saving. */
const long = 64 * 1024;

/**
 * Texts of replies. Of the command whose replies are the longest the last one is remembered, so that the next can be
 * compared with it while it comes (`FrameDecoder.expect`), and is the very same string when it says the same.
 */
export class ReplyTexts {
	#last: { readonly command: string; readonly body: Buffer; readonly text: string } | null = null;

	/** The body of the last reply to a command that is remembered. */
	lastBody(command: string): Buffer | null {
		return this.#last?.command === command ? this.#last.body : null;
	}

	/** The text of a reply. */
	read(command: string, body: Buffer): string {
		const last = this.#last;
		if (last?.body === body) return last.text;
		const text = textOf(body);
		if (last?.command === command || body.length >= (last?.body.length ?? long)) {
			this.#last = { command, body, text };
		}
		return text;
	}
}

/**
 * Counts the values of JSON text without parsing it. Parsed, a value costs 10 to 60 bytes of memory however short its
 * text is (`{},` is three bytes and an object), so a bound on the length of a text says little about its cost. The
 * count takes constant memory and time linear in the text, and the text may come in pieces.
 */
export class JsonCounter {
	#values = 0;
	#inString = false;
	#escaped = false;

	/** Upper bound of the values (objects, lists, members, elements) in the text so far. */
	get values(): number {
		return this.#values;
	}

	/**
	 * Takes the next piece of UTF-8 text; stops early once more than `most` values were counted, and gives whether
	 * that is so. Text that is no JSON is counted all the same.
	 */
	exceeds(most: number, piece: Uint8Array): boolean {
		let values = this.#values;
		let inString = this.#inString;
		let escaped = this.#escaped;
		for (let at = 0; at < piece.length && values <= most; at++) {
			const byte = piece[at];
			if (inString) {
				if (escaped) escaped = false;
				else if (byte === backslash) escaped = true;
				else if (byte === quote) inString = false;
			} else if (byte === quote) inString = true;
			// Each value but the first follows an opening or a comma; an empty list counts one too many.
			else if (byte === comma || byte === openBrace || byte === openBracket) values++;
		}
		this.#values = values;
		this.#inString = inString;
		this.#escaped = escaped;
		return values > most;
	}
}

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const openBrace = 0x7b;

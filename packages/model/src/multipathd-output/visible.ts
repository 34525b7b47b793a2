/**
 * Text that a target, a daemon or a file chose, made safe to stand in a sentence: control characters, line breaks,
 * direction marks and lone surrogates become `\u{…}`, and what is longer than `limit` characters ends in `…`.
 */
export function visible(text: string, limit = 64): string {
	if (text.length <= limit && plain.test(text)) return text;
	let shown = "";
	let count = 0;
	for (const character of text.slice(0, limit * 2 + 1)) {
		if (count === limit) return `${shown}…`;
		const code = character.codePointAt(0) ?? 0;
		shown += hidden(code) ? `\\u{${code.toString(16)}}` : character;
		count += 1;
	}
	return shown;
}

/** Nearly every text is: and a storm has hundreds of thousands of them. */
const plain = /^[\x20-\x7e]*$/;

/** As `visible`, in single quotes: for words that nobody knows. */
export function quoted(text: string, limit = 64): string {
	return `'${visible(text, limit)}'`;
}

/** Characters that would change a line or the look of the text around them. */
function hidden(code: number): boolean {
	return (
		code < 0x20 ||
		(code >= 0x7f && code <= 0x9f) ||
		code === 0xad ||
		(code >= 0x200b && code <= 0x200f) ||
		(code >= 0x2028 && code <= 0x202e) ||
		(code >= 0x2060 && code <= 0x206f) ||
		(code >= 0xd800 && code <= 0xdfff) ||
		code === 0xfeff ||
		(code >= 0xe0000 && code <= 0xe007f)
	);
}

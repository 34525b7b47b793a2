/** A text as roff takes it for a text: no backslash, no control line, hyphens that can be searched and copied. */
export function roff(text: string): string {
	const plain = text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...");
	return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}

/** The same for a text of several lines. */
export function lines(text: string): string[] {
	return text.split("\n").map((line) => roff(line));
}

import { widthOf } from "./table.ts";

/** Text broken between words into lines of at most `width` characters, each ended; longer words are left whole. */
export function wrapped(text: string, width: number, first: string, next: string): string {
	const lines: string[] = [];
	let line = first;
	let empty = true;
	for (const word of text.split(" ")) {
		if (!empty && widthOf(line) + 1 + widthOf(word) > width) {
			lines.push(line);
			line = next;
			empty = true;
		}
		line += empty ? word : ` ${word}`;
		empty = false;
	}
	return `${[...lines, line].map((ended) => ended.trimEnd()).join("\n")}\n`;
}

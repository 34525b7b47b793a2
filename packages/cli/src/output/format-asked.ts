import { type Format, formats } from "./output.ts";

/**
 * The format that a command line asks for, found before it is understood: what is wrong with it has a format too. The
 * last `-o` or `--output` counts; a format that does not exist is none.
 */
export function formatAsked(args: readonly string[]): Format {
	const asked = args.flatMap((word, at) => {
		const [, joined] = /^(?:--output=|-o=?)(.+)$/s.exec(word) ?? [];
		if (joined !== undefined) return [joined];
		return word === "-o" || word === "--output" ? [args[at + 1] ?? ""] : [];
	});
	return formats.find((format) => format === asked.at(-1)) ?? "table";
}

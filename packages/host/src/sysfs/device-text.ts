/**
 * A text that a device or target chose, fit to be shown and stored: no control characters, no blanks around it, at
 * most `longest` characters. Null for nothing, also where a driver prints a missing value in words.
 */
export function deviceText(text: string | undefined, longest: number): string | null {
	const clean = (text ?? "")
		.replace(/\p{Cc}/gu, "")
		.trim()
		.slice(0, longest);
	return clean === "" || clean === "(null)" || clean === "<NULL>" ? null : clean;
}

import { styleText } from "node:util";
import type { LunState, PathState, Queueing } from "@pathkeeper/model";

type Colour = "green" | "yellow" | "red" | "magenta" | "gray";

const looks: Readonly<Record<LunState | PathState, readonly [mark: string, colour: Colour]>> = {
	optimal: ["●", "green"],
	usable: ["●", "green"],
	standby: ["○", "green"],
	degraded: ["▲", "yellow"],
	impaired: ["▲", "yellow"],
	failed: ["✖", "red"],
	gone: ["✖", "red"],
	missing: ["✖", "red"],
	unknown: ["?", "magenta"],
	unmanaged: ["·", "gray"],
};

/** A state as mark and word, coloured when asked; the word alone tells everything. */
export function stateWord(state: LunState | PathState, colour: boolean): string {
	const [mark, hue] = looks[state];
	const text = `${mark} ${state}`;
	return colour ? styleText(hue, text, { validateStream: false }) : text;
}

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Bytes for reading: `20 GiB`, `1.5 TiB`; exact ones are in the JSON output. */
export function sizeText(bytes: number | null): string {
	if (bytes === null) return "-";
	const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
	const value = bytes / 2 ** (10 * power);
	return `${Number.isInteger(value) || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** How long a map holds I/O when no path is left. */
export function queueingText(queueing: Queueing): string {
	if (queueing === null) return "not known";
	if (queueing === "off") return "off: I/O errors at once";
	return queueing === "forever" ? "forever" : `about ${queueing.seconds} s`;
}

/** A text from outside with nothing that could steer a terminal. */
export function shown(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
	return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

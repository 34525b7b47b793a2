import { styleText } from "node:util";
import { type LunState, type PathState, type Queueing, visible } from "@pathkeeper/model";

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
	return marked(state, state, colour);
}

/** A text behind the mark of a state, coloured when asked. */
export function marked(state: LunState | PathState, text: string, colour: boolean): string {
	const [mark, hue] = looks[state];
	const whole = `${mark} ${text}`;
	return colour ? styleText(hue, whole, { validateStream: false }) : whole;
}

/** How long a map holds I/O when no path is left. */
export function queueingText(queueing: Queueing): string {
	if (queueing === null) return "not known";
	if (queueing === "off") return "off: I/O errors at once";
	return queueing === "forever" ? "forever" : `about ${queueing.seconds} s`;
}

/** A text from outside with nothing that could steer a terminal or break its line; much too long ones are cut. */
export function shown(text: string): string {
	return visible(text, 4000);
}

/** `1 node`, `3 nodes`. */
export function counted(count: number, thing: string): string {
	return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

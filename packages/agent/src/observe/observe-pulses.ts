import type { Pulse, Pulses } from "../progress.ts";

/** What the loops that look say of themselves. */
export interface ObservePulses {
	readonly observe: Pulse;
	readonly installation: Pulse;
	readonly lvm: Pulse;
}

/** A step of a look has deadlines that add up to well below this. */
const longestStepMs = 60_000;
/** Listing a boot image alone may take a minute. */
const longestQuestionMs = 120_000;

/** Undefined when nobody wants to know. */
export function observePulses(pulses: Pulses | undefined, node: string): ObservePulses | undefined {
	if (pulses === undefined) return undefined;
	return {
		observe: pulses.loop(`observe (${node})`, longestStepMs),
		installation: pulses.loop(`installation (${node})`, longestQuestionMs),
		lvm: pulses.loop(`lvm (${node})`, longestStepMs),
	};
}

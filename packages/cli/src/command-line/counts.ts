import { InvalidArgumentError } from "commander";

/** Reads a whole number in decimal digits, within bounds. */
export function countFrom(least: number, most: number): (text: string) => number {
	return (text) => {
		const count = Number(text);
		if (/^\d+$/.test(text) && count >= least && count <= most) return count;
		throw new InvalidArgumentError(`It is not a number from ${least} to ${most}.`);
	};
}

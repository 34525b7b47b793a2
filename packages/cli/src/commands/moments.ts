import { PathkeeperError } from "@pathkeeper/model";

/** A moment as people write it, in the time zone of this machine: `2026-11-25 22:41:07`. */
export function momentText(at: number): string {
	const date = new Date(at);
	const two = (number: number) => String(number).padStart(2, "0");
	const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
	return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds since the epoch, from how long ago (`90s`, `15m`, `2h`, `3d`) or from a date with or without time
 * (`2026-11-25`, `2026-11-25T22:41`, in the time zone of this machine unless it names one); null for anything else.
 */
export function momentFrom(text: string, now: number): number | null {
	const [, count, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
	if (count !== undefined) return now - Number(count) * (units[unit] ?? 0);
	// A date alone would be read as of UTC.
	const [date] = /^\d{4}-\d{2}-\d{2}$/.exec(text) ?? [];
	const at = date !== undefined ? Date.parse(`${date}T00:00`) : Date.parse(text.replace(" ", "T"));
	return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(at) && at >= 0 ? at : null;
}

/** The moment of an option in whole milliseconds since the epoch; throws PARAMETER_INVALID, naming the option. */
export function momentOfOption(name: "since" | "until", text: string, now: number): number {
	const at = momentFrom(text, now);
	if (at !== null) return Math.trunc(at);
	const problem = `'${text}' is neither how long ago (90s, 15m, 2h, 3d) nor a date such as 2026-11-25T22:41`;
	throw new PathkeeperError("PARAMETER_INVALID", { fields: { [name]: problem } });
}

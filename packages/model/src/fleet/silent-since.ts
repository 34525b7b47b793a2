/** That no agent of a node gives a sign of life, and since when (milliseconds since the epoch; null: nobody noted it). */
export function silenceOf(silentSince: number | null): string {
	const what = "no sign of life from its agent";
	return silentSince === null ? what : `${what} since ${timeText(silentSince)}`;
}

/** `2026-11-30 12:03 UTC`: whoever reads it may be in any zone, and some days later. */
export function timeText(at: number): string {
	const date = new Date(at);
	if (Number.isNaN(date.getTime())) return "a time that cannot be read";
	return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/**
 * The Debian releases the lab runs. Each brings another multipath-tools: 0.9.4 with its socket-activated daemon and
 * no pathname socket, 0.11.1 as the current stable release ships it, and the newest one that is packaged.
 */
export const suites = ["bookworm", "trixie", "sid"] as const;

export type Suite = (typeof suites)[number];

export function isSuite(text: string): text is Suite {
	return suites.some((suite) => suite === text);
}

/** apt options that a suite needs beyond the machine's own: sid's Release file is often past its Valid-Until. */
export const aptOptionsOf: Readonly<Record<Suite, readonly string[]>> = {
	bookworm: [],
	trixie: [],
	sid: ['Acquire::Check-Valid-Until "false";'],
};

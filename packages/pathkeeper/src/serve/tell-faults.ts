import type { Log } from "@pathkeeper/agent";
import { messageOf, PathkeeperError } from "@pathkeeper/model";

/** The same trouble in the same place is told again only after this time, in milliseconds. */
const againAfterMs = 10 * 60_000;

/**
 * Writes the server's faults to the log. A store that does not answer is none of ours, and loops that try again every
 * few seconds meet it each time: it is told once in a while.
 */
export function faultTeller(log: Log, now: () => number): (error: unknown, where: string) => void {
	const told = new Map<string, { readonly text: string; readonly at: number }>();
	return (error, where) => {
		const text = messageOf(error);
		if (!(error instanceof PathkeeperError) || error.fault !== "unavailable") {
			log.error({ error: text, where }, "server: internal error");
			return;
		}
		const last = told.get(where);
		if (last?.text === text && now() - last.at < againAfterMs) return;
		told.set(where, { text, at: now() });
		log.warn({ error: text, where }, "server: a request failed");
	};
}

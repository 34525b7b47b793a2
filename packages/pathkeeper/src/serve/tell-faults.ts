import type { Log } from "@pathkeeper/agent";
import { type FaultClass, messageOf, PathkeeperError } from "@pathkeeper/model";

/** The same trouble in the same place is told again only after this time, in milliseconds. */
const againAfterMs = 10 * 60_000;

/** Classes of errors that lie outside of the server: in the store, the network, or on the host. */
const outside: ReadonlySet<FaultClass> = new Set<FaultClass>(["absent", "unavailable", "broken"]);

/**
 * Writes the server's faults to the log. A store that does not answer, or a damaged document in it, is no fault of the
 * server, and loops that run every few seconds meet it each time: it is logged once in a while.
 */
export function faultTeller(log: Log, now: () => number): (error: unknown, where: string) => void {
	const told = new Map<string, { readonly text: string; readonly at: number }>();
	return (error, where) => {
		const text = messageOf(error);
		if (!(error instanceof PathkeeperError) || !outside.has(error.fault)) {
			log.error({ error: text, where }, "server: internal error");
			return;
		}
		const last = told.get(where);
		if (last?.text === text && now() - last.at < againAfterMs) return;
		told.set(where, { text, at: now() });
		log.warn({ error: text, where }, "server: a request failed");
	};
}

import { Semaphore } from "@pathkeeper/model";

/**
 * Lets a few calls run at a time; the others wait for their turn. A browser has six connections to a server, and calls
 * to nodes that do not answer would hold all of them.
 */
export function fewAtOnce(max: number): <T>(call: () => Promise<T>) => Promise<T> {
	const slots = new Semaphore(max);
	return (call) => slots.within(call);
}

/** Work that every node of a fleet is asked for; one that does not answer holds a place for long. */
export const nodesInTurn = fewAtOnce(3);

/** What the server answers by itself of every node. Together they leave a connection for everything else. */
export const reportsInTurn = fewAtOnce(2);

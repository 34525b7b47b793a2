import { backoffMs, PathkeeperError } from "@pathkeeper/model";
import type { Clock } from "./clock.ts";

const pauses = { firstMs: 200, longestMs: 10_000 };

/**
 * Does what needs the store, again and again with growing pauses while the store does not answer. Throws any error that
 * is not of class `unavailable` at once: trying again does not repair a damaged document.
 */
export async function whileUnavailable<T>(
	work: () => Promise<T>,
	clock: Clock,
	signal: AbortSignal,
): Promise<T> {
	for (let failures = 1; ; failures++) {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof PathkeeperError) || error.fault !== "unavailable" || signal.aborted) throw error;
			await clock.sleep(backoffMs(pauses, failures), signal);
		}
	}
}

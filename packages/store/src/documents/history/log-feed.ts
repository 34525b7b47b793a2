import { type LogEntry, pause, type Timers } from "@pathkeeper/model";
import type { Store } from "../../store.ts";
import { historyLayout } from "./history-layout.ts";
import { logPrefix, writtenEntries } from "./log-entries.ts";

export interface LogNews {
	/** Entries that were written or written again, oldest first. */
	readonly entries: readonly LogEntry[];
	/** True when some may have been missed: read the log again. */
	readonly missed: boolean;
}

const pauseMs = 1000;

/**
 * Tells what is written to the log from now on, until the signal aborts; never throws. While the store does not
 * answer it waits, and says afterwards that something may have been missed.
 */
export async function followLog(
	store: Store,
	timers: Pick<Timers, "sleep">,
	signal: AbortSignal,
	tell: (news: LogNews) => void,
): Promise<void> {
	let missed = false;
	while (!signal.aborted) {
		try {
			// A listing of next to nothing says where the store stands.
			const { revision } = await store.list(historyLayout.watched);
			if (missed) tell({ entries: [], missed });
			missed = true;
			for await (const changes of store.watch(logPrefix, revision, signal)) {
				const entries = writtenEntries(changes);
				if (entries.length > 0) tell({ entries, missed: false });
			}
		} catch {
			// What was missed is read again by whoever is told so.
		}
		await pause(pauseMs, timers, signal);
	}
}

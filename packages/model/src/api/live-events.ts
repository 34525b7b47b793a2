import type { LogEntry } from "../fleet/log/entry.ts";
import type { PictureDelta, PictureDocument } from "../fleet/picture/delta.ts";

/** What `/cluster/events` sends: the name of the event, and its data. */
export type LiveEvent =
	| { readonly event: "snapshot"; readonly data: SnapshotEvent }
	| { readonly event: "delta"; readonly data: PictureDelta }
	| { readonly event: "log"; readonly data: LogEvent };

/** The whole matrix; what was shown before is to be thrown away. */
export interface SnapshotEvent extends PictureDocument {
	/** Revisions are comparable where this is equal. */
	readonly epoch: string;
}

/** Entries that were written to the log, or written again with a higher count (the id tells). */
export interface LogEvent {
	readonly entries: readonly LogEntry[];
	/** True when some may be missing: read the log again. */
	readonly missed: boolean;
}

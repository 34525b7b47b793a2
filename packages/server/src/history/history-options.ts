import type { Runtime } from "@pathkeeper/model";
import type { HistoryBounds, Store } from "@pathkeeper/store";
import type { LiveFleet } from "../fleet/live-fleet.ts";
import type { Pulse } from "../fleet/pulse.ts";

export interface HistoryOptions {
	readonly store: Store;
	readonly live: LiveFleet;
	/** Which server this is, for people. */
	readonly holder: string;
	readonly runtime: Runtime;
	readonly bounds?: HistoryBounds;
	/** How many days audit records are kept. */
	readonly auditDays?: number;
	/** Time to live of the lock: so long nobody writes after the writer died, in milliseconds. */
	readonly lockMs?: number;
	/** What happens within this time after something happened is one burst, in milliseconds. */
	readonly windowMs?: number;
	/** So long after taking over, nodes that do not report may only not have begun to, in milliseconds. */
	readonly graceMs?: number;
	/** Told while this server writes the log. */
	readonly pulse?: Pulse;
	/** Told of faults of ours, and of a store that does not answer. */
	readonly onFault: (error: unknown, where: string) => void;
}

/** The options with what is usual where nothing else is said. */
export type HistorySettings = Required<Omit<HistoryOptions, "onFault" | "pulse">> &
	Pick<HistoryOptions, "onFault" | "pulse">;

import type { Store } from "@pathkeeper/store";
import type { FleetReader } from "../fleet/read-fleet.ts";

/** What handlers work with. */
export interface HandlerContext {
	readonly store: Store;
	readonly fleet: FleetReader;
	readonly version: string;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly sleep: (ms: number) => Promise<void>;
}

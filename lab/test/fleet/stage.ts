import type { Fleet, FleetStatus } from "../../src/index.ts";

/** What steps in files of their own share: one booted fleet, and how it is waited for. */
export interface Stage {
	readonly fleet: () => Fleet;
	/** Asks the server until `answer` gives something; says how long it took. */
	readonly untilFleet: <T>(
		what: string,
		answer: (status: FleetStatus) => T | undefined | false,
	) => Promise<T>;
	/** Both LUNs optimal on every node with both paths, and every node at the current configuration. */
	readonly untilWell: () => Promise<FleetStatus>;
	/** Tries what is so while something is broken, and mends it whatever came of that. */
	readonly whileBroken: (look: () => Promise<void>, mend: () => Promise<unknown>) => Promise<void>;
}

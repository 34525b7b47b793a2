import type { Host } from "@pathkeeper/host";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Kernel } from "../observe/sweeps.ts";
import type { LedgerFile } from "./ledger.ts";

/** What an apply works with. */
export interface ApplyContext {
	readonly host: Host;
	readonly ledger: LedgerFile;
	readonly clock: Clock;
	readonly log: Log;
	/** Ends the waiting for multipathd. */
	readonly signal: AbortSignal;
	/** No change begins after this one aborts; what has begun goes on. */
	readonly stop?: AbortSignal;
	/** How long multipathd may take to read its configuration again. */
	readonly reconfigureDeadlineMs: number;
	/** WWIDs that `multipath -a` did not take a moment ago, with its words: not tried again now. */
	readonly refused: ReadonlyMap<string, string>;
	/** What the last look saw of the kernel when it is recent; null or absent: the kernel itself is asked. */
	readonly recentKernel?: () => Kernel | null;
	/** Called at every step: no single one takes longer than a program or an answer may. */
	readonly onStep?: () => void;
	/** Called before multipathd is told to read its configuration again. */
	readonly onReconfigure: () => void;
}

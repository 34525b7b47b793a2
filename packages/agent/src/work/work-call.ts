import type { Host } from "@pathkeeper/host";
import type { Registry } from "@pathkeeper/storage";
import type { Store } from "@pathkeeper/store";
import type { LedgerFile } from "../apply/ledger.ts";
import type { Clock } from "../clock.ts";
import type { Exclusive } from "../exclusive.ts";

/** What the work of one task is done with. */
export interface WorkCall {
	readonly host: Host;
	readonly store: Store;
	readonly registry: Registry;
	readonly ledger: LedgerFile;
	readonly exclusive: Exclusive;
	readonly clock: Clock;
	readonly signal: AbortSignal;
	/** Names this piece of work to those who wait for its lock. */
	readonly holder: string;
	readonly log: (line: string) => void;
	/** Called right before the first step that may change something: an error after it is no mere refusal. */
	readonly onBegun: () => void;
	/** Called when the host may have been changed. */
	readonly onChanged: () => void;
	/** Called at every step of what changes multipath: the apply loop may wait for it. */
	readonly onStep: (() => void) | undefined;
}

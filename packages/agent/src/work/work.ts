import type { Host } from "@pathkeeper/host";
import type { ArgumentOf, TaskName, TaskResultOf, Tasks, TaskType } from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import type { Registry } from "@pathkeeper/volumes";
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

/**
 * When a task is begun. `alone`: it changes multipath, and goes one by one. `place`, `guard`, `look`: when one of the
 * places for work, for what a server asks before a change, or for who only looks is free. `removal`: at once, and then
 * it waits for one of its own places, since it may take hours.
 */
export type Turn = "alone" | "place" | "guard" | "look" | "removal";

/** How a node does one task. Throws what speaks against it, and then it is refused or has failed. */
export interface Work<T extends TaskType> {
	readonly turn: Turn;
	readonly do: (call: WorkCall, argument: ArgumentOf<T>) => Promise<TaskResultOf<T>>;
}

export type Works = { readonly [N in TaskName]: Work<Tasks[N]> };

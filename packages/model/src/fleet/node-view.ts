import type { Report } from "../report.ts";

/** What is known of a node now. */
export interface NodeView {
	readonly node: string;
	/** False: its agent gives no sign of life, and what it reported before is history. */
	readonly online: boolean;
	/** Of the agent that runs now. Null: there is none, it did not report yet, or its report cannot be read. */
	readonly report: Report | null;
	/** Why there is no report, in words; null when there is one. */
	readonly problem: string | null;
	/** Where the agent that runs now did not report: what the node reported before. Absent or null: nothing known. */
	readonly last?: Report | null;
	/** Since when it is silent, milliseconds since the epoch. Absent or null: it is not, or nobody noted it yet. */
	readonly silentSince?: number | null;
}

import type { Report } from "../report.ts";

/** What is known of a node now. */
export interface NodeView {
	readonly node: string;
	/** False: its agent gives no sign of life, and what it reported before is history. */
	readonly online: boolean;
	/** Null: it never reported, its report is gone with its lease, or cannot be read. */
	readonly report: Report | null;
	/** Why there is no report, in words; null when there is one. */
	readonly problem: string | null;
}

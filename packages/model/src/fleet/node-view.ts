import type { KernelMap, Report } from "../report.ts";
import type { MultipathMap } from "../topology/map.ts";

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

/** The maps of a LUN that multipathd lists on a node: one, none, or (something is badly wrong) several. */
export function mapsOf(wwid: string, { report }: NodeView): readonly MultipathMap[] {
	return report?.maps.filter((map) => map.wwid === wwid) ?? [];
}

/** The map of a LUN in the node's kernel, whether multipathd knows it or not. */
export function kernelMapOf(wwid: string, { report }: NodeView): KernelMap | null {
	return report?.kernelMaps.find((map) => map.wwid === wwid) ?? null;
}

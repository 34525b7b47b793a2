import type { Path } from "./path.ts";

/**
 * How long a map holds I/O when no path is left: `off` (errors at once), `forever`, a number of seconds, or null
 * where the source cannot tell. Retries count checker ticks: N × the daemon's polling interval.
 */
export type Queueing = "off" | "forever" | { readonly seconds: number } | null;

/** One priority group of paths, as multipathd joins them. */
export interface PathGroup {
	/** 1-based position in the map's table. */
	readonly number: number;
	/** `active`, `enabled`, `disabled`, `undef`; null when not told. */
	readonly dmState: string | null;
	readonly priority: number | null;
	/** Path selector with its arguments, such as `service-time 0`. */
	readonly selector: string | null;
	readonly marginal: boolean;
	readonly paths: readonly Path[];
}

/** The device-mapper multipath device that joins the paths of one LUN on one node. */
export interface MultipathMap {
	/** Alias, or the WWID when there is no alias. */
	readonly name: string;
	/** Identity of the LUN, equal on every node. */
	readonly wwid: string;
	/** `dm-N`; null when not told. */
	readonly dm: string | null;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly revision: string | null;
	/** Exact size from sysfs; null when only a rounded text such as `1.0G` was seen. */
	readonly sizeBytes: number | null;
	readonly suspended: boolean;
	readonly readOnly: boolean | null;
	readonly queueing: Queueing;
	/** Feature words of the kernel table, such as `1 queue_if_no_path`. */
	readonly features: string | null;
	readonly hardwareHandler: string | null;
	readonly failback: string | null;
	/** The daemon's last action on the map (`create`, `reload`, `reject`, …); sticky, history and not state. */
	readonly action: string | null;
	readonly groups: readonly PathGroup[];
	/** False when the source broke off inside this map: what was read of it must not be judged as whole. */
	readonly whole: boolean;
}

/** All paths of a map with the number of the group they stand in. */
export function pathsOf(map: MultipathMap): { readonly group: number; readonly path: Path }[] {
	return map.groups.flatMap((group) => group.paths.map((path) => ({ group: group.number, path })));
}

import type { DaemonState } from "../multipathd-output/reading.ts";
import type { LunState } from "./states.ts";

/**
 * What `status` and `verdict` return to a monitoring system, the first that applies: 2 a LUN is failed or missing;
 * 3 one is unknown, or a daemon is silent or its answer unreadable; 1 one is degraded; 0. Unmanaged maps never count.
 */
export function exitCode(states: Iterable<LunState>, daemons: Iterable<DaemonState> = []): 0 | 1 | 2 | 3 {
	const seen = new Set(states);
	if (seen.has("failed") || seen.has("missing")) return 2;
	if (seen.has("unknown") || [...daemons].some((daemon) => daemon !== "ok")) return 3;
	return seen.has("degraded") ? 1 : 0;
}

import type { DaemonState } from "../multipathd-output/reading.ts";
import { type LunState, worstOf } from "./states.ts";

const codes: Readonly<Record<LunState, 0 | 1 | 2 | 3>> = {
	failed: 2,
	missing: 2,
	unknown: 3,
	degraded: 1,
	optimal: 0,
	unmanaged: 0,
};

/**
 * What `status` and `verdict` return to a monitoring system, the first that applies: 2 a LUN is failed or missing;
 * 3 one is unknown, or a daemon is silent or its answer unreadable; 1 one is degraded; 0. Unmanaged maps never count.
 */
export function exitCode(states: Iterable<LunState>, daemons: Iterable<DaemonState> = []): 0 | 1 | 2 | 3 {
	const untold: readonly LunState[] = [...daemons].some((daemon) => daemon !== "ok") ? ["unknown"] : [];
	return codes[worstOf([...states, ...untold]) ?? "optimal"];
}

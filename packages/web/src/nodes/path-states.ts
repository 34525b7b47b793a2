import type { PathAnswer } from "../api/queries.ts";

/** The states of a path as multipathd and the kernel call them: `checker ready, dm active, device running`. */
export function pathStates(path: PathAnswer): string {
	return [
		["checker", path["checker-state"]],
		["dm", path["dm-state"]],
		["device", path["device-state"]],
	]
		.flatMap(([name, state]) => (state === null ? [] : [`${name} ${state}`]))
		.join(", ");
}

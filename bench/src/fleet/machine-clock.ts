/** Milliseconds on the clock that all processes of a machine share and that nobody sets (CLOCK_MONOTONIC). */
export function machineMs(): number {
	return Number(process.hrtime.bigint()) / 1e6;
}

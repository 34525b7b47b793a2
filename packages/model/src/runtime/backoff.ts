/** Pauses between tries, in milliseconds. */
export interface BackoffLimits {
	readonly firstMs: number;
	readonly longestMs: number;
}

/** How long to wait after `failures` failures in a row, at least one: each pause is twice as long as the one before. */
export function backoffMs({ firstMs, longestMs }: BackoffLimits, failures: number): number {
	return Math.min(longestMs, firstMs * 2 ** (failures - 1));
}

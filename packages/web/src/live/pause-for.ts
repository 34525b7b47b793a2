const shortestPauseMs = 2_000;
/** However long the server wants it to wait, the page asks again after this time. */
const longestPauseMs = 120_000;

/** What the header Retry-After asks for, in milliseconds; seconds only, as our server writes it. Null: nothing. */
export function retryAfterMs(header: string | null): number | null {
	return header !== null && /^\d{1,9}$/.test(header) ? Number(header) * 1000 : null;
}

/** How long the page waits before it asks again, in milliseconds. `retryMs`: what the server wants. */
export function pauseFor(retryMs: number | null): number {
	return Math.min(Math.max(retryMs ?? 0, shortestPauseMs), longestPauseMs);
}

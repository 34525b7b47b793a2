/** How long the lab waits, and for whom. */
export const minute = 60_000;
/** For what takes seconds on hardware. Each look at a starved machine makes it slower. */
export const patience = { timeout: 6 * minute, every: 2000 } as const;
/** Words of who could not do in time what was asked, and changed nothing or cannot say. */
export const isBusy =
	/does not answer|not reachable|cannot say|no answer|did not finish within|still running|was lost, so another/;

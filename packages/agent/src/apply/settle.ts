import type { Multipathd } from "@pathkeeper/host";
import { type ErrorCode, PathkeeperError } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";

const pollMs = 250;

export interface SettleOptions {
	readonly clock: Clock;
	/** How long multipathd may take to read its configuration again. */
	readonly deadlineMs: number;
	readonly signal: AbortSignal;
	/** Called at every look. */
	readonly onStep?: () => void;
}

/**
 * Asks multipathd to read its configuration again and waits until it has done so. Throws DAEMON_ENDED when it ended
 * meanwhile, MULTIPATHD_NO_ANSWER when it does not get there within `deadlineMs`.
 */
export async function reconfigureAndSettle(multipathd: Multipathd, options: SettleOptions): Promise<void> {
	try {
		await multipathd.reconfigure();
	} catch (error) {
		if (!(error instanceof PathkeeperError) || error.code !== "MULTIPATHD_UNCONFIRMED") throw error;
		// It may be at it or may never have heard of it; asked once more when it is calm, it has surely done it.
		await settle(multipathd, options);
		await multipathd.reconfigure();
	}
	await settle(multipathd, options);
}

/**
 * `reconfigure` answers before it has begun, so `show daemon` must be idle with no reconfigure pending and `show
 * status` not busy, twice in a row.
 */
async function settle(
	multipathd: Multipathd,
	{ clock, deadlineMs, signal, onStep }: SettleOptions,
): Promise<void> {
	const end = clock.monotonic() + deadlineMs;
	let calm = 0;
	while (calm < 2) {
		onStep?.();
		await clock.sleep(pollMs, signal);
		if (!(await multipathd.isRunning())) throw new PathkeeperError("DAEMON_ENDED");
		if (clock.monotonic() > end) {
			throw new PathkeeperError("MULTIPATHD_NO_ANSWER", {
				address: "its socket",
				command: "reconfigure",
				seconds: deadlineMs / 1000,
			});
		}
		calm = (await isCalm(multipathd)) ? calm + 1 : 0;
	}
}

/** Replies that a daemon which reads its configuration may give, and that mean that it is not there yet. */
const passing: readonly ErrorCode[] = ["MULTIPATHD_UNREADABLE", "MULTIPATHD_UNKNOWN_COMMAND"];

/** A listing right after a reconfigure may time out in the daemon: that is busy, not broken. */
async function isCalm(multipathd: Multipathd): Promise<boolean> {
	try {
		const { phase, pendingReconfigure } = await multipathd.status();
		return (phase === "idle" || phase === "running") && !pendingReconfigure && !(await multipathd.busy());
	} catch (error) {
		if (!(error instanceof PathkeeperError)) throw error;
		if (error.fault === "unavailable" || passing.includes(error.code)) return false;
		throw error;
	}
}

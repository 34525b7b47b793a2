import type { Multipathd } from "@pathkeeper/host";
import { PathkeeperError } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";

const pollMs = 250;

/**
 * Asks multipathd to read its configuration again and waits until it has done so: it answers at once, so `show
 * daemon` must be idle with no reconfigure pending and `show status` not busy, twice in a row. Throws DAEMON_ENDED
 * when it ended meanwhile, MULTIPATHD_NO_ANSWER when it does not get there within `deadlineMs`.
 */
export async function reconfigureAndSettle(
	multipathd: Multipathd,
	clock: Clock,
	deadlineMs: number,
	signal: AbortSignal,
): Promise<void> {
	await multipathd.reconfigure();
	const end = clock.now() + deadlineMs;
	let calm = 0;
	while (calm < 2) {
		await clock.sleep(pollMs, signal);
		if (!(await multipathd.isRunning())) throw new PathkeeperError("DAEMON_ENDED");
		if (clock.now() > end) {
			throw new PathkeeperError("MULTIPATHD_NO_ANSWER", {
				values: { address: "its socket", command: "reconfigure", seconds: deadlineMs / 1000 },
			});
		}
		calm = (await isCalm(multipathd)) ? calm + 1 : 0;
	}
}

/** A listing right after a reconfigure may time out in the daemon: that is busy, not broken. */
async function isCalm(multipathd: Multipathd): Promise<boolean> {
	try {
		const { phase, pendingReconfigure } = await multipathd.status();
		return (phase === "idle" || phase === "running") && !pendingReconfigure && !(await multipathd.busy());
	} catch (error) {
		if (error instanceof PathkeeperError && error.fault === "unavailable") return false;
		throw error;
	}
}

/** What can happen to the daemon. */
import type { Guest } from "../guest/guest.ts";

/** Stops it in its tracks: it holds its socket and answers nobody. */
export async function freezeMultipathd(guest: Guest): Promise<void> {
	await guest.exec("systemctl kill --signal=SIGSTOP multipathd.service");
}

export async function thawMultipathd(guest: Guest): Promise<void> {
	await guest.exec("systemctl kill --signal=SIGCONT multipathd.service");
}

/** Stops the service, and its socket first: where that is enabled, a connection would start the daemon again. */
export async function stopMultipathd(guest: Guest): Promise<void> {
	await guest.exec(
		"systemctl stop multipathd.socket multipathd.service 2>&1 || systemctl stop multipathd.service",
	);
}

/** Starts it and waits until it has looked at every path. */
export async function startMultipathd(guest: Guest): Promise<void> {
	await guest.exec("systemctl reset-failed multipathd.service; systemctl start multipathd.service");
	await untilMultipathdIdle(guest);
}

/** Waits until the daemon has nothing to do: after a start or a reconfigure it needs a while to get there. */
export async function untilMultipathdIdle(guest: Guest): Promise<void> {
	await guest.until("multipathd being idle", async () => {
		const { stdout } = await guest.tryExec("multipathd show daemon");
		return /^pid \d+ (idle|running)\s*$/.test(stdout);
	});
}

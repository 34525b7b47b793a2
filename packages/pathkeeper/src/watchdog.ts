import type { Log } from "@pathkeeper/agent";
import type { SystemdNotifier } from "@pathkeeper/host";
import type { Runtime } from "@pathkeeper/model";
import { pause } from "@pathkeeper/model";
import type { Progress } from "./progress.ts";

/** How often is looked whether the loops get on. Several times within what the units give the watchdog. */
export const lookEveryMs = 20_000;

export interface WatchdogOptions {
	readonly systemd: Pick<SystemdNotifier, "alive" | "aliveEveryMs" | "status">;
	readonly progress: Progress;
	readonly runtime: Pick<Runtime, "now" | "sleep">;
	readonly log: Log;
	/** The line of `systemctl status` while all is well. */
	readonly status: string;
}

/**
 * Tells systemd that the daemon is alive as long as all its loops get on, until the signal aborts. One that stands
 * still is named in the log and in `systemctl status`, and systemd is told nothing more: it ends the process and
 * starts it again. Loops that get on after all are taken for that.
 */
export async function runWatchdog(options: WatchdogOptions, signal: AbortSignal): Promise<void> {
	const { systemd, progress, runtime, log, status } = options;
	const everyMs = Math.min(lookEveryMs, systemd.aliveEveryMs ?? lookEveryMs);
	const known = new Set<string>();
	while (!signal.aborted) {
		await pause(everyMs, runtime, signal);
		if (signal.aborted) return;
		const standing = progress.look();
		if (standing.length === 0) {
			if (known.size > 0) {
				log.info({ loops: [...known] }, "the stalled part is running again");
				known.clear();
				await systemd.status(status);
			}
			await systemd.alive();
			continue;
		}
		const news = standing.filter(({ loop }) => !known.has(loop));
		for (const { loop } of news) known.add(loop);
		log.debug({ loops: standing.map(({ loop }) => loop) }, "the watchdog of systemd could not be notified");
		if (news.length === 0) continue;
		const loops = standing.map((each) => ({
			loop: each.loop,
			since: new Date(runtime.now() - each.forMs).toISOString(),
		}));
		log.error({ loops, restart: systemd.aliveEveryMs !== null }, "a part of the daemon is stalled");
		await systemd.status(`stalled: ${loops.map((each) => `${each.loop} since ${each.since}`).join(", ")}`);
	}
}

/** What a server follows of its fleet, whoever looks: the live view behind its doors, and the log of the fleet. */
import { hostname } from "node:os";
import type { Pulses } from "@pathkeeper/agent";
import type { Runtime } from "@pathkeeper/model";
import type { EventHub, LiveFleet, StoreRoom } from "@pathkeeper/server";
import { keptHistory, type Store } from "@pathkeeper/store";
import type { DaemonSettings } from "../settings/daemon-settings.ts";

/** No call of the store may take longer. */
const longestStepMs = 60_000;
/** For a large report a thread is begun, which may take a minute on a busy machine, and has half a minute to read it. */
const longestReadMs = 120_000;

export interface FollowedFleet {
	readonly fleet: LiveFleet;
	readonly hub: EventHub;
	readonly room: StoreRoom;
}

/**
 * Begins to follow. Of all servers of a fleet, the one that holds the lock writes the log, and when it ends another
 * takes over. All of it ends with `resources`.
 */
export async function followFleet(
	store: Store,
	runtime: Runtime,
	{ logDays, auditDays }: Pick<DaemonSettings, "logDays" | "auditDays">,
	onFault: (error: unknown, where: string) => void,
	resources: AsyncDisposableStack,
	pulses: Pulses,
): Promise<FollowedFleet> {
	const server = await import("@pathkeeper/server");
	const fleet = new server.LiveFleet({
		runtime,
		store,
		onFault,
		pulse: pulses.loop("reading reports", longestReadMs),
	});
	resources.defer(() => fleet.close());
	const hub = new server.EventHub({ runtime, store, live: fleet, onFault });
	const stop = new AbortController();
	const holder = `${hostname()} (process ${runtime.pid})`;
	const pulse = pulses.loop("log of the fleet", longestStepMs);
	const bounds = { ...keptHistory, days: logDays };
	const history = server.runHistory(
		{ runtime, store, live: fleet, holder, bounds, auditDays, onFault, pulse },
		stop.signal,
	);
	resources.defer(() => {
		stop.abort();
		return history;
	});
	return { fleet, hub, room: new server.StoreRoom(store, () => runtime.monotonic()) };
}

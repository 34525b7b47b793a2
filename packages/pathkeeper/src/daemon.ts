/**
 * The daemon: opens the store, runs an agent for each host it has, and serves the API; its role says which of both. It
 * ends on SIGTERM or SIGINT, or when one of its parts fails for good, and then in reverse order.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { ProgramRunner, SystemdNotifier } from "@pathkeeper/host";
import { messageOf } from "@pathkeeper/model";
import { createLog } from "./log.ts";
import { Progress } from "./progress.ts";
import type { DaemonSettings } from "./settings/daemon-settings.ts";
import { keepHeapSmall } from "./small-heap.ts";
import { takeStateFolder } from "./state-folder.ts";
import { openStore, storeText } from "./store/open-store.ts";
import { storeFindings } from "./store/store-findings.ts";
import { lookEveryMs, runWatchdog } from "./watchdog.ts";

const time = {
	now: Date.now,
	sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }),
};
/** What is still going on when everything is closed has this long, in milliseconds. */
const lingerMs = 1_000;

/** Runs until it is told to stop; gives the exit code. Throws what keeps it from starting. */
export async function runDaemon(settings: DaemonSettings): Promise<number> {
	keepHeapSmall();
	const { role } = settings;
	const log = createLog(process.stderr);
	const systemd = new SystemdNotifier({ run: new ProgramRunner().run, env: process.env, pid: process.pid });
	const stop = new AbortController();
	for (const name of ["SIGTERM", "SIGINT"] as const) {
		process.once(name, () => {
			log.info({ signal: name }, "stopping");
			stop.abort();
			void systemd.stopping();
		});
	}
	const simulated = settings.simulate !== null;
	takeStateFolder(settings);
	await using resources = new AsyncDisposableStack();
	// Runs last. A program that hangs, or a look that was given up, must not keep the process from its end.
	resources.defer(() => void setTimeout(() => process.exit(), lingerMs).unref());
	const store = await openStore(settings.store);
	resources.defer(() => store.close());
	for (const { code, text } of storeFindings(settings.store)) log.warn({ code }, text);

	// Each part is loaded when its role is played: a server knows nothing of hosts, an agent nothing of HTTP.
	const progress = new Progress(() => performance.now(), lookEveryMs);
	const parts = { store, settings, log, resources, pulses: progress };
	const agents =
		role === "server" ? new Map<string, never>() : await (await import("./hosts.ts")).agentsOf(parts);
	if (role !== "agent") await (await import("./serve/doors.ts")).openDoors({ ...parts, signal: stop.signal });

	const socket = role === "agent" ? {} : { socket: settings.socketPath };
	const facts = { role, store: storeText(settings.store), ...socket, nodes: [...agents.keys()], simulated };
	log.info(facts, "pathkeeper is ready");
	const status = statusLine(role, agents.size);
	await systemd.ready(status);
	// To a parent that started it with a channel, as `./dev start` does; no socket tells one daemon from another.
	process.send?.("ready");
	try {
		void runWatchdog({ systemd, progress, log, status, ...time }, stop.signal);
		const ends = [...agents.values()].map((agent) => agent.run(stop.signal));
		if (ends.length === 0 && !stop.signal.aborted) await once(stop.signal, "abort");
		await Promise.all(ends);
		return 0;
	} catch (error) {
		if (stop.signal.aborted) return 0;
		log.error({ error: messageOf(error) }, "pathkeeper ends: one of its parts failed");
		return 1;
	} finally {
		stop.abort();
		await systemd.stopping();
	}
}

function statusLine(role: DaemonSettings["role"], hosts: number): string {
	const looking = `looking after ${hosts} ${hosts === 1 ? "host" : "hosts"}`;
	return role === "server" ? "serving the fleet" : role === "agent" ? looking : `serving, ${looking}`;
}

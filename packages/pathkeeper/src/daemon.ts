/**
 * The daemon: opens the store, runs an agent for each host it has, and serves the API; its role says which of both. It
 * ends on SIGTERM or SIGINT, or when one of its parts fails for good, and then in reverse order.
 */
import { once } from "node:events";
import type { Log } from "@pathkeeper/agent";
import { ProgramRunner, SystemdNotifier } from "@pathkeeper/host";
import { messageOf } from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import { createLog } from "./log.ts";
import { Progress } from "./progress.ts";
import { realRuntime } from "./runtime/real-runtime.ts";
import type { NetworkDoor } from "./serve/doors.ts";
import type { DaemonSettings } from "./settings/daemon-settings.ts";
import { keepHeapSmall } from "./small-heap.ts";
import { takeStateFolder } from "./state-folder.ts";
import { openStore, storeText } from "./store/open-store.ts";
import { storeFindings } from "./store/store-findings.ts";
import { lookEveryMs, runWatchdog } from "./watchdog.ts";

/** How long systemd is told that the end begins, in milliseconds. */
const stoppingMs = 2_000;

/** What another command than `pathkeeper daemon` has to do with the daemon that it runs. */
export interface DaemonRun {
	/** Standard error by default. */
	readonly log?: Log;
	/** Ends it, beside SIGTERM and SIGINT. */
	readonly signal?: AbortSignal;
	/** Is given the store before anybody else uses it. */
	readonly prepare?: (store: Store) => Promise<void>;
	/** Is told when everything is served; null: nothing is to be served over HTTPS. */
	readonly onReady?: (door: NetworkDoor | null) => void;
}

/** Runs until it is told to stop; gives the exit code. Throws what keeps it from starting. */
export async function runDaemon(settings: DaemonSettings, run: DaemonRun = {}): Promise<number> {
	keepHeapSmall();
	const runtime = realRuntime;
	const { role } = settings;
	const log = run.log ?? createLog(process.stderr, settings.logLevel);
	const systemd = new SystemdNotifier({
		run: new ProgramRunner({ runtime }).run,
		env: process.env,
		pid: runtime.pid,
	});
	const stop = new AbortController();
	for (const name of ["SIGTERM", "SIGINT"] as const) {
		process.once(name, () => {
			log.info({ signal: name }, "stopping");
			stop.abort();
			void systemd.stopping();
		});
	}
	if (run.signal?.aborted === true) return 0;
	run.signal?.addEventListener("abort", () => stop.abort());
	const simulated = settings.simulate !== null;
	takeStateFolder(settings);
	await using resources = new AsyncDisposableStack();
	const store = await openStore(settings.store, runtime);
	resources.defer(() => store.close());
	await run.prepare?.(store);
	for (const { code, text } of storeFindings(settings.store)) log.warn({ code }, text);

	// Each part is loaded when its role is played: a server knows nothing of hosts, an agent nothing of HTTP.
	const progress = new Progress(() => runtime.monotonic(), lookEveryMs);
	const parts = { runtime, store, settings, log, resources, pulses: progress };
	const agents =
		role === "server" ? new Map<string, never>() : await (await import("./hosts.ts")).agentsOf(parts);
	const door =
		role === "agent"
			? null
			: await (await import("./serve/doors.ts")).openDoors({ ...parts, signal: stop.signal });

	const socket = role === "agent" ? {} : { socket: settings.socketPath };
	const facts = { role, store: storeText(settings.store), ...socket, nodes: [...agents.keys()], simulated };
	log.info(facts, "pathkeeper is ready");
	const status = statusLine(role, agents.size);
	await systemd.ready(status);
	// To a parent that started it with a channel, as `./dev start` does; no socket tells one daemon from another.
	process.send?.("ready");
	run.onReady?.(door);
	try {
		void runWatchdog({ systemd, progress, log, status, runtime }, stop.signal);
		const ends = [...agents.values()].map((agent) => agent.run(stop.signal));
		if (ends.length === 0 && !stop.signal.aborted) await once(stop.signal, "abort");
		await Promise.all(ends);
		return 0;
	} catch (error) {
		if (stop.signal.aborted) return 0;
		log.error({ error: messageOf(error) }, "pathkeeper exits: one of its parts failed");
		return 1;
	} finally {
		stop.abort();
		// Said already when it was a signal. A systemd-notify that hangs must not take the time that the end has.
		const late = new Promise<void>((resolve) => void runtime.schedule(stoppingMs, resolve));
		await Promise.race([systemd.stopping(), late]);
	}
}

function statusLine(role: DaemonSettings["role"], hosts: number): string {
	const looking = `managing ${hosts} ${hosts === 1 ? "host" : "hosts"}`;
	return role === "server" ? "serving the fleet" : role === "agent" ? looking : `serving, ${looking}`;
}

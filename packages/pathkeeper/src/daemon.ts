/**
 * The daemon: opens the store, runs an agent for each host it has, and serves the API on the local socket. It ends on
 * SIGTERM or SIGINT, or when one of its parts fails for good, and then in reverse order.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Agent, systemClock } from "@pathkeeper/agent";
import { type Host, ProgramRunner, realHost, SystemdNotifier } from "@pathkeeper/host";
import { messageOf } from "@pathkeeper/model";
import { accessContext, createApi, createServer, socketGate } from "@pathkeeper/server";
import { openEmbeddedStore, systemRandomness } from "@pathkeeper/store";
import { listenLocally } from "./local-socket.ts";
import { createLog } from "./log.ts";
import { seedDemo, simulatedHosts } from "./simulated-fleet.ts";
import { version } from "./version.ts";

export interface SimulatedSize {
	readonly nodes: number;
	readonly luns: number;
	readonly pathsPerLun: number;
}

export interface DaemonSettings {
	/** Folder for what must survive a restart; a simulated fleet gets one of its own below it. */
	readonly stateFolder: string;
	/** Where the host's file tree starts. */
	readonly hostRoot: string;
	/** Null: the default one. */
	readonly socketPath: string | null;
	/** Null: this host. */
	readonly simulate: "demo" | SimulatedSize | null;
}

const defaultSocket = "/run/pathkeeper/api.sock";

/** Runs until it is told to stop; gives the exit code. */
export async function runDaemon(settings: DaemonSettings): Promise<number> {
	const log = createLog(process.stderr);
	const systemd = new SystemdNotifier({ run: new ProgramRunner().run, env: process.env, pid: process.pid });
	const stop = new AbortController();
	for (const name of ["SIGTERM", "SIGINT"] as const) {
		process.once(name, () => {
			log.info({ signal: name }, "stopping");
			stop.abort();
		});
	}
	const simulated = settings.simulate !== null;
	const stateFolder = simulated ? join(settings.stateFolder, "simulated") : settings.stateFolder;
	mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
	const store = await openEmbeddedStore({ path: join(stateFolder, "store.db") });
	await using resources = new AsyncDisposableStack();
	resources.defer(() => store.close());

	const onProblem = (problem: string) => log.warn({ problem }, "host");
	const hosts: readonly Host[] =
		settings.simulate === null
			? [resources.adopt(realHost({ root: settings.hostRoot, onProblem }), (host) => host.multipathd.close())]
			: await simulatedHosts(settings.simulate, stateFolder, resources);
	if (settings.simulate === "demo") await seedDemo(store);

	const time = { now: Date.now, sleep: (ms: number) => delay(ms) };
	const access = accessContext({
		store,
		...time,
		random: systemRandomness,
		tell: ({ what, ...event }) => log.info(event, what),
	});
	const server = createServer({
		api: createApi({ store, access, version, ...time }),
		gate: socketGate,
		tls: null,
		simulated,
		onFault: (error, where) => log.error({ error: messageOf(error), where }, "server: a fault of ours"),
	});
	resources.defer(() => server.close());
	const socketPath = settings.socketPath ?? defaultSocket;
	await listenLocally(server, socketPath);

	const agents = hosts.map((host) => {
		// A real host's ledger stands beside the store; each simulated one has a root folder, and it stands in there.
		const place = simulated ? {} : { stateFolder };
		return new Agent({ host, store, clock: systemClock, log, version, ...place });
	});
	log.info({ socket: socketPath, nodes: hosts.map(({ node }) => node), simulated }, "pathkeeper is ready");
	await systemd.ready(`serving ${hosts.length} ${hosts.length === 1 ? "host" : "hosts"}`);
	try {
		await Promise.all(agents.map((agent) => agent.run(stop.signal)));
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

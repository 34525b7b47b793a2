/**
 * The server's part of the daemon: one API, and two doors to it. Through the local socket comes root of this host,
 * through HTTPS whoever can prove who they are. Fastify is loaded here and nowhere else, so that an agent does without.
 */

import { hostname } from "node:os";
import type { Log, Pulses } from "@pathkeeper/agent";
import { messageOf, PathkeeperError, type Runtime, rootUser } from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import type { FastifyInstance } from "fastify";
import type { DaemonSettings, Listen } from "../settings/daemon-settings.ts";
import { version } from "../version.ts";
import { type Certificate, serverCertificate } from "./certificate.ts";
import { dropFirstPassword, welcomeFirstAdministrator } from "./first-administrator.ts";
import { followFleet } from "./follow-fleet.ts";
import { listenLocally } from "./local-socket.ts";
import { pageFolder } from "./page-folder.ts";
import { faultTeller } from "./tell-faults.ts";
import { watchDoor } from "./watch-door.ts";

export interface DoorsOptions {
	readonly runtime: Runtime;
	readonly store: Store;
	readonly settings: DaemonSettings;
	readonly log: Log;
	/** Takes what has to be closed at the end. */
	readonly resources: AsyncDisposableStack;
	readonly signal: AbortSignal;
	readonly pulses: Pulses;
}

/** Where HTTPS is served and what its certificate is, or why it is not; null: nobody asked for it. */
export type NetworkDoor =
	| { readonly url: string; readonly fingerprint: string }
	| { readonly problem: string };

/** Opens both doors, and tells of the second. Throws CANNOT_LISTEN, CERTIFICATE_UNUSABLE, WORKER_FILE_MISSING, or ALREADY_EXISTS when another daemon is here. */
export async function openDoors({
	runtime,
	store,
	settings,
	log,
	resources,
	signal,
	pulses,
}: DoorsOptions): Promise<NetworkDoor | null> {
	const {
		accessContext,
		checkWorkerFile,
		createApi,
		createServer,
		networkGate,
		readPage,
		registerPage,
		socketGate,
	} = await import("@pathkeeper/server");
	// Without it, the server would serve until the first large report, and not show that node.
	checkWorkerFile();
	const access = accessContext({
		store,
		runtime,
		tell: ({ what, ...event }) => {
			if (what === "login") log.info(event, "access: login");
			else log.warn(event, `access: ${what}`);
			if (what === "login" && event.user === rootUser) dropFirstPassword(settings.stateFolder, log);
		},
	});
	const onFault = faultTeller(log, () => runtime.now());
	const closing = new AbortController();
	const counting = access.refusals.run(closing.signal, onFault);
	resources.defer(() => {
		closing.abort();
		return counting;
	});
	const followed = await followFleet(store, runtime, settings, onFault, resources, pulses);
	const common = {
		api: createApi({
			store,
			access,
			live: followed.fleet,
			room: followed.room,
			logDays: settings.logDays,
			version,
			runtime,
		}),
		live: { ...followed, metricsFor: settings.metricsFor },
		simulated: settings.simulate !== null,
		onFault,
	};
	const local = createServer({ ...common, gate: socketGate, tls: null });
	resources.defer(() => local.close());
	await listenLocally(local, settings.socketPath);
	watchDoor(settings.socketPath, runtime, pulses, resources);
	if (settings.listen === null) return null;

	const network = (tls: Certificate) => {
		const app = createServer({ ...common, gate: networkGate(access), tls });
		registerPage(app, readPage(pageFolder()), runtime);
		resources.defer(() => app.close());
		return app;
	};
	const door = await openNetwork(network, settings, settings.listen, runtime, log);
	if ("problem" in door) return door;
	const { stateFolder } = settings;
	void welcomeFirstAdministrator(store, { runtime, stateFolder, terminal: process.stdout, log, signal });
	return door;
}

/** Throws what keeps it closed, where somebody asked for it. */
async function openNetwork(
	createNetwork: (tls: Certificate) => FastifyInstance,
	{ tls, stateFolder }: DaemonSettings,
	listen: Listen,
	clock: Pick<Runtime, "now">,
	log: Log,
): Promise<NetworkDoor> {
	try {
		const certificate = await serverCertificate({ tls, stateFolder, host: listen.host });
		const https = await listenOn(createNetwork(certificate), listen);
		const { fingerprint, path, validUntil } = certificate;
		const until = new Date(validUntil).toISOString();
		if (validUntil < clock.now()) log.warn({ path, until }, "the certificate has expired");
		log.info({ https, certificate: path, fingerprint, until }, "serving HTTPS");
		return { url: https, fingerprint };
	} catch (error) {
		if (listen.required) throw error;
		const problem = messageOf(error);
		log.warn({ error: problem }, "no HTTPS here; the local socket serves, and --listen says where else");
		return { problem };
	}
}

/** Gives the address as clients write it. */
async function listenOn(app: FastifyInstance, { host, port, orFreePort }: Listen): Promise<string> {
	try {
		await app.listen({ host: host ?? "::", port });
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : "";
		if (host === null && (code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL"))
			await app.listen({ host: "0.0.0.0", port });
		else if (code === "EADDRINUSE" && orFreePort === true) await app.listen({ host: host ?? "::", port: 0 });
		else {
			const taken = "something else listens there; choose another with --listen ADDRESS:PORT";
			const problem = code === "EADDRINUSE" ? taken : messageOf(error);
			const address = urlOf(host, port);
			throw new PathkeeperError("CANNOT_LISTEN", { address, problem }, { cause: error });
		}
	}
	const address = app.server.address();
	return urlOf(host, typeof address === "object" && address !== null ? address.port : port);
}

function urlOf(host: string | null, port: number): string {
	const name = host ?? hostname();
	return `https://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/** The agents' part of the daemon: an agent for each host there is, this one or those of a simulated SAN. */
import { Agent, type Log, type Pulses } from "@pathkeeper/agent";
import { type Host, realHost } from "@pathkeeper/host";
import type { Runtime } from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import { builtInRegistry, loadPlugins, pluginFolder, type Registry } from "@pathkeeper/volumes";
import type { DaemonSettings } from "./settings/daemon-settings.ts";
import { storeFindings } from "./store/store-findings.ts";
import { version } from "./version.ts";

export interface HostsOptions {
	readonly runtime: Runtime;
	readonly store: Store;
	readonly settings: DaemonSettings;
	readonly log: Log;
	/** Takes what has to be closed at the end. */
	readonly resources: AsyncDisposableStack;
	readonly pulses: Pulses;
}

/** Agents that are not running yet, by the names of their nodes. */
export async function agentsOf({
	runtime,
	store,
	settings,
	log,
	resources,
	pulses,
}: HostsOptions): Promise<Map<string, Agent>> {
	const { simulate, stateFolder, hostRoot, node, intervalMs, taskDays } = settings;
	const circumstances = storeFindings(settings.store);
	const common = { store, runtime, log, version, intervalMs, taskDays, circumstances, pulses };
	const agent = (host: Host, place: { stateFolder?: string; registry?: Registry }) =>
		[host.node, new Agent({ host, ...common, ...place })] as const;
	if (simulate === null) {
		const onProblem = (problem: string) => log.warn({ problem }, "host");
		const host = realHost({ runtime, root: hostRoot, onProblem, ...(node === null ? {} : { node }) });
		resources.defer(() => host.multipathd.close());
		return new Map([agent(host, { stateFolder, registry: await pluginsHere(log) })]);
	}
	// Loaded only where hosts are simulated: the agent of a real one has no use for it.
	const { seedDemo, simulateFleet } = await import("./simulated-fleet.ts");
	const { listenForAccidents } = await import("./simulator/accident-socket.ts");
	const fleet = await simulateFleet(simulate, stateFolder, runtime, resources);
	if (simulate === "demo") await seedDemo(store, runtime);
	await listenForAccidents(fleet, `${settings.socketPath}.sim`, runtime, resources);
	// A simulated host's ledger stands in the root folder that it has to itself.
	return new Map(fleet.hosts.map((host) => agent(host, {})));
}

/** Plugins for storages: ours, and those of the folder that could be taken. */
async function pluginsHere(log: Log): Promise<Registry> {
	const registry = builtInRegistry();
	for (const { file, ...outcome } of await loadPlugins(registry, { folder: pluginFolder }))
		if ("refused" in outcome) log.warn({ file, problem: outcome.refused }, "a storage plugin is not loaded");
		else log.info({ file, type: outcome.type }, "a storage plugin is loaded");
	return registry;
}

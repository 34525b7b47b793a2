/**
 * One observation of a host: what multipathd says, what the kernel shows, and both laid over each other. The daemon is
 * asked first whether it lives (by pid file, since connecting would start it on Debian 12); when it does not answer,
 * the kernel's own list of maps still stands in the report, so that a silent daemon is never an empty host.
 */
import type { Host, PathFacts } from "@pathkeeper/host";
import {
	type Candidate,
	type KernelMap,
	type MultipathdReport,
	type MultipathMap,
	messageOf,
	type Path,
	PathkeeperError,
} from "@pathkeeper/model";
import { isSameState } from "./list-difference.ts";
import type { Sweep, Sweeps } from "./sweeps.ts";

/** One observation, before apply state and findings are added. */
export interface Observation {
	readonly daemon: DaemonObservation;
	readonly kernelMaps: readonly KernelMap[];
	readonly candidates: readonly Candidate[];
	readonly foreignDmNames: readonly string[];
}

/** What multipathd said. */
export interface DaemonObservation {
	readonly state: MultipathdReport["state"];
	/** Why it is not `running`, in words; null when it is. */
	readonly problem: string | null;
	/** Its process; null when it did not tell. Another one than before: it was started anew. */
	readonly pid: number | null;
	/** True while it reads its configuration: it lists nothing then, and what it listed before may change. */
	readonly reconfiguring: boolean;
	/** False while it says busy or was not asked: maps may still change. */
	readonly calm: boolean;
	readonly maps: readonly MultipathMap[];
	/** What was wrong with its list of maps, in words. */
	readonly problems: readonly string[];
}

export interface ObserveOptions {
	/** The daemon's own, where it is known. */
	readonly pollingIntervalS: number | null;
	/** Longest wait for one answer of the daemon. */
	readonly deadlineMs: number;
	/** Called at every step: on a host that is short of processors each may take long. */
	readonly onStep?: (() => void) | undefined;
}

/** Observes a host again and again: what did not change since the last time is the same object in the next one. */
export class HostReader {
	readonly #host: Host;
	readonly #sweeps: Sweeps;
	#last: {
		readonly listed: readonly MultipathMap[];
		readonly sweep: Sweep;
		readonly maps: readonly MultipathMap[];
	} | null = null;
	/** What became of the maps of the daemon's list with the last sweep. */
	#completed = new WeakMap<MultipathMap, MultipathMap>();

	constructor(host: Host, sweeps: Sweeps) {
		this.#host = host;
		this.#sweeps = sweeps;
	}

	/** Observes once. Never throws for a fault of the daemon: that is what the observation reports. */
	async observe(options: ObserveOptions): Promise<Observation> {
		const daemon = await askDaemon(this.#host, options);
		const isList = daemon.state === "running" && !daemon.reconfiguring;
		const sweep = await this.#sweeps.current({ isList, maps: daemon.maps }, options.onStep);
		const { kernelMaps, candidates, foreignDmNames } = sweep;
		return {
			daemon: { ...daemon, maps: this.#complete(daemon.maps, sweep) },
			kernelMaps,
			candidates,
			foreignDmNames,
		};
	}

	#complete(listed: readonly MultipathMap[], sweep: Sweep): readonly MultipathMap[] {
		const last = this.#last;
		if (last?.listed === listed && last.sweep === sweep) return last.maps;
		if (last?.sweep !== sweep) this.#completed = new WeakMap();
		const kernelMaps = new Map(sweep.kernelMaps.map((map) => [map.dm, map]));
		const maps = listed.map((map, at) => {
			const known = this.#completed.get(map);
			if (known !== undefined) return known;
			const completed = complete(map, kernelMaps, sweep.facts, sweep.listed[at]);
			this.#completed.set(map, completed);
			return completed;
		});
		this.#last = { listed, sweep, maps };
		return maps;
	}
}

async function askDaemon(
	host: Host,
	{ pollingIntervalS, deadlineMs }: ObserveOptions,
): Promise<DaemonObservation> {
	const nothing: DaemonObservation = {
		state: "silent",
		problem: null,
		pid: null,
		reconfiguring: false,
		calm: false,
		maps: [],
		problems: [],
	};
	try {
		// Answered without the lock that a reconfigure holds, so it also tells a daemon at work from a dead one.
		const { pid, phase, pendingReconfigure } = await host.multipathd.status({ deadlineMs });
		if (phase === "shutdown") return { ...nothing, pid, problem: "multipathd is shutting down" };
		if ((phase !== "idle" && phase !== "running") || pendingReconfigure) {
			return { ...nothing, state: "running", pid, reconfiguring: true };
		}
		const busy = await host.multipathd.busy({ deadlineMs });
		const { daemon, maps, problems } = await host.multipathd.maps({ deadlineMs, pollingIntervalS });
		if (daemon === "ok") return { ...nothing, state: "running", pid, calm: !busy, maps, problems };
		const problem = problems.join("; ") || "its list of maps cannot be read";
		return { ...nothing, state: daemon, problem, pid, maps, problems };
	} catch (error) {
		if (!(error instanceof PathkeeperError)) throw error;
		return { ...nothing, state: stateFor(error), problem: messageOf(error) };
	}
}

function stateFor(error: PathkeeperError): MultipathdReport["state"] {
	switch (error.code) {
		case "MULTIPATHD_NOT_INSTALLED":
			return "not-installed";
		case "MULTIPATHD_NOT_RUNNING":
			return "not-running";
		case "MULTIPATHD_UNREADABLE":
		case "MULTIPATHD_CUT":
		case "MULTIPATHD_UNKNOWN_COMMAND":
			return "unreadable";
		default:
			return "silent";
	}
}

/** Adds what only sysfs knows: the exact size of the map, address and transport of its paths. */
function complete(
	map: MultipathMap,
	kernelMaps: ReadonlyMap<string, KernelMap>,
	facts: ReadonlyMap<string, PathFacts>,
	/** What the daemon listed here when the kernel was asked. */
	then: MultipathMap | undefined,
): MultipathMap {
	const kernel = kernelMaps.get(map.dm ?? "");
	const factsOf = (path: Path, group: number, at: number): PathFacts | undefined => {
		const known = facts.get(path.dev);
		if (known === undefined || then === map || isSameState(path, then?.groups[group]?.paths[at]))
			return known;
		return { ...known, deviceState: null };
	};
	return {
		...map,
		sizeBytes: kernel?.wwid === map.wwid ? kernel.sizeBytes : map.sizeBytes,
		groups: map.groups.map((group, number) => ({
			...group,
			paths: group.paths.map((path, at) => completePath(path, factsOf(path, number, at))),
		})),
	};
}

/**
 * The daemon calls a SCSI device `running` unless it is offline; the kernel's own state file is finer (`blocked`,
 * `transport-offline`) and is taken where it says something worse.
 */
function completePath(path: Path, facts: PathFacts | undefined): Path {
	if (facts === undefined) return path;
	const running = path.deviceState === null || path.deviceState === "running";
	return {
		...path,
		hctl: path.hctl ?? facts.hctl,
		deviceState: running ? (facts.deviceState ?? path.deviceState) : path.deviceState,
		transport: facts.transport ?? path.transport,
	};
}

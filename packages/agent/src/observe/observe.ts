/**
 * One look at a host: what multipathd says, what the kernel shows, and both laid over each other. The daemon is
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
	pathsOf,
} from "@pathkeeper/model";

/** What one look gave, before apply state and findings are added. */
export interface Look {
	readonly multipathd: MultipathdReport;
	/** False while multipathd says busy or was not asked: maps may still change. */
	readonly calm: boolean;
	readonly maps: readonly MultipathMap[];
	readonly kernelMaps: readonly KernelMap[];
	readonly candidates: readonly Candidate[];
	readonly foreignDmNames: readonly string[];
	/** What was wrong with the daemon's answer, in words. */
	readonly problems: readonly string[];
}

export interface LookOptions {
	/** Version of multipath-tools, asked once in a while and not on every look. */
	readonly toolsVersion: string | null;
	readonly pollingIntervalS: number | null;
}

/** Looks once. Never throws for a fault of the daemon: that is what the look reports. */
export async function look(host: Host, options: LookOptions): Promise<Look> {
	const asked = await askDaemon(host, options);
	const kernelMaps = await host.sysfs.kernelMaps();
	const candidates = await host.sysfs.candidates();
	const foreignDmNames = await host.sysfs.foreignDmNames();
	const devs = asked.maps
		.flatMap((map) => pathsOf(map).map(({ path }) => path.dev))
		.filter((dev) => dev !== "");
	const facts = await host.sysfs.paths(devs);
	return {
		...asked,
		kernelMaps,
		candidates,
		foreignDmNames,
		maps: asked.maps.map((map) => complete(map, kernelMaps, facts)),
	};
}

/** A daemon that holds its lock answers `timeout` itself after 4 s (multipath-tools, uxsock_timeout). */
const limits = { deadlineMs: 5_000 };

type Answer = Pick<Look, "multipathd" | "calm" | "maps" | "problems">;

async function askDaemon(host: Host, options: LookOptions): Promise<Answer> {
	const known = { version: options.toolsVersion, pollingIntervalS: options.pollingIntervalS };
	const silent = (state: MultipathdReport["state"], problem: string): Answer => ({
		multipathd: { state, problem, ...known },
		calm: false,
		maps: [],
		problems: [],
	});
	try {
		if (!(await host.multipathd.isRunning())) {
			return options.toolsVersion === null
				? silent("not-installed", "multipath-tools is not installed: apt install multipath-tools")
				: silent("not-running", "multipathd is not running: systemctl start multipathd");
		}
		const busy = await host.multipathd.busy(limits);
		const reading = await host.multipathd.maps({ ...limits, pollingIntervalS: options.pollingIntervalS });
		if (reading.daemon === "ok") {
			return { multipathd: { state: "running", problem: null, ...known }, calm: !busy, ...reading };
		}
		const problem = reading.problems.join("; ") || "its list of maps cannot be read";
		return { ...silent(reading.daemon, problem), maps: reading.maps, problems: reading.problems };
	} catch (error) {
		if (!(error instanceof PathkeeperError)) throw error;
		return silent(stateFor(error), messageOf(error));
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
	kernelMaps: readonly KernelMap[],
	facts: ReadonlyMap<string, PathFacts>,
): MultipathMap {
	const kernel = kernelMaps.find((candidate) => candidate.dm === map.dm) ?? null;
	return {
		...map,
		sizeBytes: kernel?.wwid === map.wwid ? kernel.sizeBytes : map.sizeBytes,
		groups: map.groups.map((group) => ({
			...group,
			paths: group.paths.map((path) => completePath(path, facts.get(path.dev))),
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

import type { Host } from "@pathkeeper/host";
import {
	type Finding,
	type KernelMap,
	type MultipathMap,
	messageOf,
	PathkeeperError,
	pathState,
} from "@pathkeeper/model";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { Loop } from "../loop.ts";
import { lvmFindings } from "./lvm-findings.ts";
import type { Observation } from "./observe.ts";
import type { ObservePulses } from "./observe-pulses.ts";

/** Who writes a group on a LUN elsewhere tells nobody here. */
const askAgainMs = 300_000;
/** After maps came, went or got other paths: the first moments are theirs. */
const calmMs = 5_000;

export interface LvmWatchOptions {
	readonly host: Host;
	readonly clock: Clock;
	readonly log: Log;
	/** How often it is looked whether it is time to ask. */
	readonly intervalMs: number;
	/** Called when something is different. */
	readonly onNews: () => void;
	readonly pulses?: Pick<ObservePulses, "lvm"> | undefined;
}

/**
 * Asks LVM beside the observations what it finds by itself, which is what commands of administrators and the boot scripts of
 * the host work with. It only reads, and is asked only while every map has a path that answers: LVM reads each device
 * that it looks at, and would hang on the others.
 */
export class LvmWatch {
	readonly #options: LvmWatchOptions;
	readonly #loop: Loop;
	#observation: Observation | null = null;
	#devices = "";
	#dueAt = 0;
	#findings: readonly Finding[] = [];

	constructor(options: LvmWatchOptions) {
		this.#options = options;
		this.#loop = new Loop({
			work: (signal) => this.#askWhenDue(signal),
			onError: (error) => options.log.error({ error: messageOf(error) }, "observe: what LVM sees"),
			intervalMs: options.intervalMs,
			onlyLooks: true,
			pulse: options.pulses?.lvm,
			clock: options.clock,
		});
	}

	findings(): readonly Finding[] {
		return this.#findings;
	}

	/** Takes an observation into account. */
	note(observation: Observation): void {
		const last = this.#observation;
		this.#observation = observation;
		if (
			last?.daemon.maps === observation.daemon.maps &&
			last.kernelMaps === observation.kernelMaps &&
			last.candidates === observation.candidates &&
			last.daemon.state === observation.daemon.state
		)
			return;
		const devices = JSON.stringify([
			observation.kernelMaps.map(({ wwid, name, slaves }) => [wwid, name, slaves]),
			observation.candidates.map(({ dev, wwid }) => [dev, wwid]),
			unreadable(observation),
		]);
		if (devices === this.#devices) return;
		this.#devices = devices;
		this.#dueAt = Math.min(this.#dueAt, this.#options.clock.monotonic() + calmMs);
	}

	run(signal: AbortSignal): Promise<void> {
		return this.#loop.run(signal);
	}

	async #askWhenDue(signal: AbortSignal): Promise<void> {
		const { clock, onNews } = this.#options;
		const observation = this.#observation;
		if (observation === null || clock.monotonic() < this.#dueAt) return;
		this.#dueAt = clock.monotonic() + askAgainMs;
		const findings = await this.#ask(observation, signal);
		if (JSON.stringify(findings) === JSON.stringify(this.#findings)) return;
		this.#findings = findings;
		onNews();
	}

	async #ask(observation: Observation, signal: AbortSignal): Promise<readonly Finding[]> {
		const { lvm } = this.#options.host;
		const held = unreadable(observation);
		try {
			if ((await lvm.version()) === null) return [];
			if (held !== null) return [unknown(`it might hang on ${held}`)];
			const own = await lvm.ownPhysicalVolumes({ signal });
			const maps = observation.kernelMaps.map(({ wwid }) => `/dev/disk/by-id/dm-uuid-mpath-${wwid}`);
			const onMaps = maps.length === 0 ? [] : await lvm.physicalVolumes(maps, { signal });
			return lvmFindings({ own, onMaps }, observation);
		} catch (error) {
			if (!(error instanceof PathkeeperError)) throw error;
			return [unknown(error.message)];
		}
	}
}

function unknown(problem: string): Finding {
	const text = `what LVM sees on this node is not known: ${problem}`;
	return { code: "lvm-unknown", severity: "info", subject: null, text };
}

/** What a read may wait on for ever, in words; null when every map has a path that answers. */
function unreadable({ daemon, kernelMaps }: Observation): string | null {
	if (daemon.state !== "running" && kernelMaps.length > 0)
		return "a map without paths, and multipathd does not say which maps have some";
	const listed = new Map(daemon.maps.map((map) => [map.wwid, map]));
	const dead = kernelMaps.find((map) => map.suspended || !hasPath(map, listed.get(map.wwid)));
	return dead === undefined ? null : `map ${dead.name}, which has no path that answers`;
}

function hasPath({ slaves }: KernelMap, map: MultipathMap | undefined): boolean {
	return (
		map !== undefined &&
		slaves.length > 0 &&
		map.groups.some(({ paths }) => paths.some((path) => pathState(path) === "usable"))
	);
}

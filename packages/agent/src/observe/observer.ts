import type { Host, UdevEvent } from "@pathkeeper/host";
import type { AppliedConfig, Finding, MultipathMap, Report } from "@pathkeeper/model";
import { messageOf } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { Loop } from "../loop.ts";
import { Installation } from "./installation.ts";
import { LvmWatch } from "./lvm-watch.ts";
import { mapFindings } from "./map-findings.ts";
import { HostReader, type Observation } from "./observe.ts";
import type { ObservePulses } from "./observe-pulses.ts";
import { PathMemory } from "./path-memory.ts";
import { Settling } from "./settling.ts";
import { type Kernel, Sweeps } from "./sweeps.ts";

/** Paths of one fault fail within milliseconds of each other; one observation after that sees them, a second one the rest. */
const burstMs = 30;
/** The daemon tells the kernel first and updates its own view a moment later, so a second observation follows an event. */
const secondLookMs = 1_000;
/** For so long a daemon that reads its configuration is believed to come back with the maps that it had. */
const longestReconfigureMs = 120_000;

export interface ObserverOptions {
	readonly host: Host;
	readonly clock: Clock;
	readonly log: Log;
	readonly agentVersion: string;
	/** Folder on the host for what must survive a restart. */
	readonly stateFolder: string;
	/** Longest time between two observations. */
	readonly intervalMs: number;
	/** Longest wait for one answer of multipathd. */
	readonly answerMs: number;
	/** What is to be said of how this agent is run, in each report. */
	readonly circumstances?: readonly Finding[];
	/** What the apply loop has to say, taken into each report. */
	readonly applied: () => { readonly applied: AppliedConfig; readonly findings: readonly Finding[] };
	/**
	 * The report that an earlier run of the agent left for this node; null: there is none, or it cannot be read. Throws
	 * when that cannot be known now; the observation is not reported then, because its report would replace the earlier one.
	 * Absent: there is none.
	 */
	readonly formerReport?: () => Promise<Report | null>;
	/** Told of every step. */
	readonly pulses?: ObservePulses | undefined;
	/** Called after every observation, with a report that may equal the last one. */
	readonly publish: (report: Report) => Promise<void>;
}

/** The observe loop: an observation every interval, and sooner after a block event. */
export class Observer {
	readonly #options: ObserverOptions;
	readonly #loop: Loop;
	readonly #sweeps: Sweeps;
	readonly #reader: HostReader;
	readonly #settling = new Settling();
	readonly #memory: PathMemory;
	readonly #installation: Installation;
	readonly #lvm: LvmWatch;
	#inBurst = false;
	#daemonPid: number | null = null;
	/** What a calm multipathd listed last, seen by this run of the agent or an earlier one; null: not known. */
	#lastMaps: readonly MultipathMap[] | null = null;
	/** True when the report of an earlier run was read, and must not be read again: it may be ours now. */
	#knowsFormer = false;
	#listed: { readonly maps: readonly MultipathMap[]; readonly at: number } | null = null;

	constructor(options: ObserverOptions) {
		this.#options = options;
		const { host, clock, log, intervalMs } = options;
		this.#sweeps = new Sweeps(host.sysfs, clock);
		this.#reader = new HostReader(host, this.#sweeps);
		this.#memory = new PathMemory(host.files, options.stateFolder);
		this.#loop = new Loop({
			work: () => this.#round(),
			onError: (error) =>
				log.error({ error: messageOf(error) }, "observe: this observation was not reported"),
			intervalMs,
			onlyLooks: true,
			pulse: options.pulses?.observe,
			clock,
		});
		this.#installation = new Installation({ ...options, onNews: () => this.hurry() });
		this.#lvm = new LvmWatch({ ...options, onNews: () => this.hurry() });
	}

	/** Looks as soon as possible. */
	hurry(): void {
		this.#loop.hurry();
	}

	/** Maps are made to change (reconfigure, rescan): judge them only when they are calm again. */
	stir(): void {
		this.#settling.stir();
		this.#sweeps.stir();
		this.#installation.askAgain();
		this.#loop.hurry();
	}

	/** What the kernel showed half a minute ago at most, enough to see that nothing is to be done; null: not known. */
	recentKernel(): Kernel | null {
		return this.#sweeps.recent();
	}

	/** Runs until the signal aborts. */
	async run(signal: AbortSignal): Promise<void> {
		await Promise.all([
			this.#loop.run(signal),
			this.#installation.run(signal),
			this.#lvm.run(signal),
			this.#watchEvents(signal),
		]);
	}

	async #round(): Promise<void> {
		const { clock, publish, answerMs } = this.#options;
		const { pollingIntervalS } = this.#installation.facts();
		const onStep = () => this.#options.pulses?.observe.beat();
		const fresh = await this.#reader.observe({ pollingIntervalS, deadlineMs: answerMs, onStep });
		const observation = this.#withLastMaps(fresh);
		const { state, calm, reconfiguring, pid } = observation.daemon;
		if (pid !== null && pid !== this.#daemonPid) {
			this.#daemonPid = pid;
			this.#installation.askAgain();
			this.#settling.stir();
		}
		if (reconfiguring) this.#settling.stir();
		const settling = this.#settling.note({ calm, answered: state === "running" });
		if (state === "running" && !settling) this.#lastMaps = observation.daemon.maps;
		this.#options.pulses?.observe.beat();
		this.#lvm.note(observation);
		const highestPaths = await this.#memory.note(observation);
		await this.#takeFormerMaps();
		this.#options.pulses?.observe.beat();
		await publish(this.#report(observation, settling, highestPaths, clock.now()));
	}

	/** The first report replaces the one in the store, so what that one knows of the maps is taken over before. */
	async #takeFormerMaps(): Promise<void> {
		if (this.#knowsFormer || this.#lastMaps !== null) return;
		const former = await this.#options.formerReport?.();
		this.#knowsFormer = true;
		if (former) this.#lastMaps = lastMapsOf(former);
	}

	/**
	 * A daemon that reads its configuration lists no maps. Until it is done those stand that it listed last, as far as
	 * the kernel still has them, and they are marked as settling; after a while it is silent like any other.
	 */
	#withLastMaps(observation: Observation): Observation {
		const { daemon, kernelMaps } = observation;
		const now = this.#options.clock.monotonic();
		if (!daemon.reconfiguring) {
			this.#listed = daemon.state === "running" ? { maps: daemon.maps, at: now } : null;
			return observation;
		}
		this.#listed ??= { maps: [], at: now };
		const forS = Math.round((now - this.#listed.at) / 1000);
		if (forS * 1000 > longestReconfigureMs) {
			const problem = `multipathd has been reading its configuration for ${forS} s and lists no maps meanwhile`;
			return { ...observation, daemon: { ...daemon, state: "silent", problem } };
		}
		const present = new Set(kernelMaps.map(({ wwid }) => wwid));
		return {
			...observation,
			daemon: { ...daemon, maps: this.#listed.maps.filter(({ wwid }) => present.has(wwid)) },
		};
	}

	#report(
		observation: Observation,
		settling: boolean,
		highestPaths: Report["highestPaths"],
		at: number,
	): Report {
		const { host, intervalMs, agentVersion } = this.#options;
		const { applied, findings } = this.#options.applied();
		const installation = this.#installation.facts();
		const { daemon } = observation;
		const isCurrent = daemon.state === "running" && !settling;
		return {
			node: host.node,
			at,
			intervalMs,
			simulated: host.simulated,
			agentVersion,
			multipathd: {
				state: daemon.state,
				problem: daemon.problem,
				version: installation.version,
				pollingIntervalS: installation.pollingIntervalS,
			},
			settling,
			maps: daemon.maps,
			...(isCurrent || this.#lastMaps === null ? {} : { lastMaps: this.#lastMaps }),
			kernelMaps: observation.kernelMaps,
			candidates: observation.candidates,
			foreignDmNames: observation.foreignDmNames,
			highestPaths,
			applied,
			findings: [
				...(this.#options.circumstances ?? []),
				...findings,
				...mapFindings(observation),
				...installation.findings,
				...this.#lvm.findings(),
				...this.#memory.findings(),
				...stuckReads(host),
			],
		};
	}

	async #watchEvents(signal: AbortSignal): Promise<void> {
		for await (const event of this.#options.host.udev.watch(signal)) {
			if (!isPathState(event)) this.#sweeps.suspect();
			if (concernsPaths(event) && !this.#inBurst) void this.#lookAfterBurst(signal);
		}
	}

	async #lookAfterBurst(signal: AbortSignal): Promise<void> {
		this.#inBurst = true;
		try {
			await this.#options.clock.sleep(burstMs, signal);
			this.#loop.hurry();
			await this.#options.clock.sleep(secondLookMs, signal);
			this.#loop.hurry();
		} catch (error) {
			if (!signal.aborted) throw error;
		} finally {
			this.#inBurst = false;
		}
	}
}

/** What a calm multipathd listed last, as of a report; null: the report does not know. */
function lastMapsOf({ multipathd, settling, maps, lastMaps }: Report): readonly MultipathMap[] | null {
	return multipathd.state === "running" && !settling ? maps : (lastMaps ?? null);
}

function concernsPaths(event: UdevEvent): boolean {
	return /^(dm-|sd|nvme|dasd)/.test(event.dev);
}

/** The kernel failed a path or uses it again: multipathd's list says so, and nothing else is different. */
function isPathState({ properties }: UdevEvent): boolean {
	return /^PATH_(?:FAILED|REINSTATED)$/.test(properties["DM_ACTION"] ?? "");
}

/** What the kernel does not tell because a read hangs is missing from the report without a trace. */
function stuckReads({ sysfs }: Host): Finding[] {
	const stuck = sysfs.stuckReads?.() ?? [];
	if (stuck.length === 0) return [];
	const more = stuck.length > 3 ? ` and ${stuck.length - 3} more` : "";
	const text = `the kernel does not answer for ${stuck.slice(0, 3).join(", ")}${more}, so their state is unknown: a device or its driver hangs`;
	return [{ code: "kernel-read-stuck", severity: "warning", subject: null, text }];
}

import type { Host, UdevEvent } from "@pathkeeper/host";
import { type AppliedConfig, type Finding, messageOf, type Report } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { Loop } from "../loop.ts";
import { mapFindings } from "./map-findings.ts";
import { type Look, look } from "./observe.ts";
import { PathMemory } from "./path-memory.ts";
import { pollingInterval } from "./polling-interval.ts";
import { Settling } from "./settling.ts";

/** Events of one fault come in a burst; one look after it sees them all. */
const burstMs = 100;
/** The daemon tells the kernel first and updates its own view a moment later, so a second look follows an event. */
const secondLookMs = 1_000;
/** The installed version changes rarely and costs a child process to ask for. */
const versionMs = 300_000;

export interface ObserverOptions {
	readonly host: Host;
	readonly clock: Clock;
	readonly log: Log;
	readonly agentVersion: string;
	/** Folder on the host for what must survive a restart. */
	readonly stateFolder: string;
	/** Longest time between two looks. */
	readonly intervalMs: number;
	/** What the apply loop has to say, taken into each report. */
	readonly applied: () => { readonly applied: AppliedConfig; readonly findings: readonly Finding[] };
	/** Called after every look, with a report that may equal the last one. */
	readonly publish: (report: Report) => Promise<void>;
}

/** The observe loop: a look every interval, and sooner after a block event. */
export class Observer {
	readonly #options: ObserverOptions;
	readonly #loop: Loop;
	readonly #settling = new Settling();
	readonly #memory: PathMemory;
	#version: { readonly text: string | null; readonly at: number } | null = null;
	#pollingIntervalS: number | null = null;
	#askPollingInterval = true;

	constructor(options: ObserverOptions) {
		this.#options = options;
		this.#memory = new PathMemory(options.host.files, options.stateFolder);
		this.#loop = new Loop({
			work: () => this.#round(),
			onError: (error) => options.log.error({ error: messageOf(error) }, "observe: this look failed"),
			intervalMs: options.intervalMs,
			clock: options.clock,
		});
	}

	/** Looks as soon as possible. */
	hurry(): void {
		this.#loop.hurry();
	}

	/** Maps were made to change (reconfigure, rescan): judge them only when they are calm again. */
	stir(): void {
		this.#settling.stir();
		this.#askPollingInterval = true;
		this.#loop.hurry();
	}

	/** Runs until the signal aborts. */
	async run(signal: AbortSignal): Promise<void> {
		await Promise.all([this.#loop.run(signal), this.#watchEvents(signal)]);
	}

	async #round(): Promise<void> {
		const { host, clock } = this.#options;
		const version = await this.#toolsVersion();
		const seen = await look(host, { toolsVersion: version, pollingIntervalS: this.#pollingIntervalS });
		const answered = seen.multipathd.state === "running";
		if (answered && this.#askPollingInterval) await this.#learnPollingInterval();
		const settling = this.#settling.note({ calm: seen.calm, answered });
		const highestPaths = await this.#memory.note(seen);
		await this.#options.publish(this.#report(seen, settling, highestPaths, clock.now()));
	}

	#report(seen: Look, settling: boolean, highestPaths: Report["highestPaths"], at: number): Report {
		const { host, intervalMs, agentVersion } = this.#options;
		const { applied, findings } = this.#options.applied();
		return {
			node: host.node,
			at,
			intervalMs,
			simulated: host.simulated,
			agentVersion,
			multipathd: { ...seen.multipathd, pollingIntervalS: this.#pollingIntervalS },
			settling,
			maps: seen.maps,
			kernelMaps: seen.kernelMaps,
			candidates: seen.candidates,
			foreignDmNames: seen.foreignDmNames,
			highestPaths,
			applied,
			findings: [...findings, ...mapFindings(seen)],
		};
	}

	async #toolsVersion(): Promise<string | null> {
		const now = this.#options.clock.now();
		if (this.#version === null || this.#version.text === null || now - this.#version.at > versionMs) {
			this.#version = { text: await this.#askVersion(), at: now };
		}
		return this.#version.text;
	}

	/** The program reads the configuration before it says its version, and fails over a broken main file. */
	async #askVersion(): Promise<string | null> {
		const { tools, multipathd } = this.#options.host;
		try {
			return await tools.version();
		} catch (error) {
			this.#options.log.warn({ error: messageOf(error) }, "observe: the multipath program does not tell its version");
			return (await multipathd.isRunning()) ? await multipathd.version() : null;
		}
	}

	/** Needed to say how many seconds `N chk` are; a daemon that does not tell now is asked on the next look. */
	async #learnPollingInterval(): Promise<void> {
		try {
			this.#pollingIntervalS = pollingInterval(await this.#options.host.multipathd.configLocal());
			this.#askPollingInterval = false;
		} catch (error) {
			this.#options.log.debug({ error: messageOf(error) }, "observe: the polling interval is not known yet");
		}
	}

	async #watchEvents(signal: AbortSignal): Promise<void> {
		let soon: Promise<void> | null = null;
		for await (const event of this.#options.host.udev.watch(signal)) {
			if (concernsPaths(event)) soon ??= this.#lookAfterBurst(signal).finally(() => (soon = null));
		}
	}

	async #lookAfterBurst(signal: AbortSignal): Promise<void> {
		try {
			await this.#options.clock.sleep(burstMs, signal);
			this.#loop.hurry();
			await this.#options.clock.sleep(secondLookMs, signal);
			this.#loop.hurry();
		} catch (error) {
			if (!signal.aborted) throw error;
		}
	}
}

function concernsPaths(event: UdevEvent): boolean {
	return /^(dm-|sd|nvme|dasd)/.test(event.dev);
}

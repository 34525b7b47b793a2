import { type Host, knownHoles, restartNeeded } from "@pathkeeper/host";
import { type Finding, messageOf, PathkeeperError } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { Loop } from "../loop.ts";
import type { ObservePulses } from "./observe-pulses.ts";
import { pollingInterval } from "./polling-interval.ts";

/** What is installed changes rarely, and asking costs child processes. */
const askAgainMs = 300_000;
/** After something did not tell. */
const askSoonMs = 30_000;

/** What is known of multipath-tools on the host beside its maps. */
export interface InstallationFacts {
	/** Release of the installed program, else of the running daemon; null when neither tells. */
	readonly version: string | null;
	readonly pollingIntervalS: number | null;
	readonly findings: readonly Finding[];
}

export interface InstallationOptions {
	readonly host: Host;
	readonly clock: Clock;
	readonly log: Log;
	/** How often it is looked whether it is time to ask. */
	readonly intervalMs: number;
	/** Longest wait for one answer of multipathd. */
	readonly answerMs: number;
	/** Called when something is different. */
	readonly onNews: () => void;
	readonly pulses?: Pick<ObservePulses, "installation"> | undefined;
}

/**
 * Asks beside the looks what they need to know of multipath-tools, so that a program that hangs over a broken
 * configuration delays no look: versions, the daemon's polling interval, whether the configuration can be read at all,
 * and whether the boot image carries it.
 */
export class Installation {
	readonly #options: InstallationOptions;
	readonly #loop: Loop;
	#dueAt = 0;
	#facts: InstallationFacts = { version: null, pollingIntervalS: null, findings: [] };

	constructor(options: InstallationOptions) {
		this.#options = options;
		this.#loop = new Loop({
			work: () => this.#askWhenDue(),
			onError: (error) => options.log.error({ error: messageOf(error) }, "observe: the installation"),
			intervalMs: options.intervalMs,
			onlyLooks: true,
			pulse: options.pulses?.installation,
			clock: options.clock,
		});
	}

	facts(): InstallationFacts {
		return this.#facts;
	}

	/** Something changed that what is known may depend on: configuration, daemon, package. */
	askAgain(): void {
		this.#dueAt = 0;
		this.#loop.hurry();
	}

	run(signal: AbortSignal): Promise<void> {
		return this.#loop.run(signal);
	}

	async #askWhenDue(): Promise<void> {
		const now = this.#options.clock.monotonic();
		if (now < this.#dueAt) return;
		this.#dueAt = now + askAgainMs;
		const { host, answerMs } = this.#options;
		const limits = { deadlineMs: answerMs };
		const program = await this.#attempt("the multipath program", () => host.tools.version());
		const running = await host.multipathd.isRunning();
		const daemon = running ? await this.#attempt("multipathd", () => host.multipathd.version(limits)) : null;
		const conf = running
			? await this.#attempt("multipathd", () => host.multipathd.configLocal(limits))
			: null;
		const version = program ?? daemon;
		const facts: InstallationFacts = {
			version,
			pollingIntervalS: conf === null ? this.#facts.pollingIntervalS : pollingInterval(conf),
			findings: [
				version === null ? null : knownHoles(version),
				restartNeeded(daemon, program),
				program === null && daemon === null ? null : await this.#confFinding(),
				await this.#attempt("the boot image", () => this.#initramfsFinding()),
			].filter((finding) => finding !== null),
		};
		if (JSON.stringify(facts) === JSON.stringify(this.#facts)) return;
		this.#facts = facts;
		this.#options.onNews();
	}

	/** Null when it does not tell now; then it is asked again soon. */
	async #attempt<T>(who: string, ask: () => Promise<T>): Promise<T | null> {
		try {
			return await ask();
		} catch (error) {
			if (!(error instanceof PathkeeperError)) throw error;
			this.#options.log.debug({ error: error.message }, `observe: ${who} did not answer`);
			this.#dueAt = Math.min(this.#dueAt, this.#options.clock.monotonic() + askSoonMs);
			return null;
		}
	}

	/** A running daemon does not show it, but its next reconfigure or start ends it. */
	async #confFinding(): Promise<Finding | null> {
		try {
			await this.#options.host.tools.lint();
			return null;
		} catch (error) {
			if (!(error instanceof PathkeeperError)) throw error;
			if (error.code !== "PROCESS_FAILED" && error.code !== "PROCESS_DEADLINE") return null;
			const text = `the multipath configuration of this host cannot be read: ${error.message}; multipathd would exit at its next reconfigure and not start again, so fix it first`;
			return { code: "host-conf-broken", severity: "error", subject: null, text };
		}
	}

	/** Only where the root file system is on a map does the boot image matter. */
	async #initramfsFinding(): Promise<Finding | null> {
		const { files, initramfs, sysfs } = this.#options.host;
		if (initramfs === undefined) return null;
		const root = await sysfs.rootOnMap();
		if (root === null) return null;
		const dropIns = await files.list("/etc/multipath/conf.d");
		const needed = [
			"/etc/multipath.conf",
			"/etc/multipath/wwids",
			...dropIns.filter((name) => name.endsWith(".conf")).map((name) => `/etc/multipath/conf.d/${name}`),
		];
		const texts = await Promise.all(needed.map((path) => files.read(path)));
		return await initramfs.check(
			root,
			needed.filter((_, at) => texts[at] !== null),
		);
	}
}

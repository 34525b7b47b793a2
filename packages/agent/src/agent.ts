/**
 * The agent of one node: three loops over store and host, and no HTTP.
 *
 *   observe  host → report → store     (observe/)
 *   apply    store → wish → host       (apply/)
 *   work     store → task → host       (work/)
 *
 * Every loop compares what should be with what is; events and watches only make it look sooner. Apply and work change
 * the host one at a time. When the store is gone the node keeps its maps and its last configuration.
 */
import type { Host } from "@pathkeeper/host";
import { type Finding, messageOf, PathkeeperError, type Runtime } from "@pathkeeper/model";
import { configPrefix, keptTasks, type Store, watchPrefix, withdrawalPrefix } from "@pathkeeper/store";
import { builtInRegistry, type Registry } from "@pathkeeper/volumes";
import { Applier } from "./apply/applier.ts";
import { readDesired } from "./apply/desired-config.ts";
import { LedgerFile } from "./apply/ledger.ts";
import { Exclusive } from "./exclusive.ts";
import type { Log } from "./log.ts";
import { readFormerReport } from "./observe/former-report.ts";
import { observePulses } from "./observe/observe-pulses.ts";
import { Observer } from "./observe/observer.ts";
import type { Pulses } from "./progress.ts";
import { Publisher } from "./publisher.ts";
import { Worker } from "./work/worker.ts";

export interface AgentOptions {
	readonly host: Host;
	readonly store: Store;
	readonly runtime: Runtime;
	readonly log: Log;
	readonly version: string;
	/** Longest time between two looks at the host; 5,000 unless told otherwise. */
	readonly intervalMs?: number;
	/**
	 * Longest wait for one answer of multipathd when looking; 5,000 unless told otherwise, because a daemon that holds
	 * its lock answers `timeout` itself after 4 s (multipath-tools, uxsock_timeout).
	 */
	readonly answerMs?: number;
	/** Findings about how this agent is run, for each of its reports. */
	readonly circumstances?: readonly Finding[];
	/** Folder on the host for what must survive a restart; `/var/lib/pathkeeper/agent` unless told otherwise. */
	readonly stateFolder?: string;
	/** How many days tasks are kept when they have ended; as is usual unless told otherwise. */
	readonly taskDays?: number;
	/** Plugins for storages; the built-in ones unless told otherwise. */
	readonly registry?: Registry;
	/** Where the loops say that they get on. */
	readonly pulses?: Pulses;
}

/**
 * What was begun has this long to end, in milliseconds: longer than any program that changes LVM may take. With what
 * comes after it makes 40 s at most, of the 45 s that the units leave.
 */
const longestStopMs = 34_000;
const longestGoodbyeMs = 3_000;
/** No step of changing multipath or of taking a task may take longer: programs and answers have deadlines below it. */
const longestStepMs = 60_000;

export class Agent {
	readonly #options: AgentOptions;
	readonly #observer: Observer;
	readonly #applier: Applier;
	readonly #worker: Worker;
	readonly #publisher: Publisher;

	constructor(options: AgentOptions) {
		this.#options = options;
		const { host, store, runtime, log, version } = options;
		const intervalMs = options.intervalMs ?? 5_000;
		const stateFolder = options.stateFolder ?? "/var/lib/pathkeeper/agent";
		const ledger = new LedgerFile(host.files, stateFolder);
		const exclusive = new Exclusive();
		const run = runtime.uuid();
		const registry = options.registry ?? builtInRegistry();
		const storageTypes = registry.thirdPartyTypes;
		const member = { node: host.node, run, agentVersion: version, intervalMs, storageTypes };
		const { pulses } = options;
		const applying = pulses?.loop(`apply (${host.node})`, longestStepMs);
		this.#publisher = new Publisher(store, member, runtime, log);
		this.#applier = new Applier({
			host,
			ledger,
			clock: runtime,
			log,
			exclusive,
			intervalMs,
			desired: () => readDesired(store),
			recentKernel: () => this.#observer.recentKernel(),
			onChanged: () => this.#observer.stir(),
			onNews: () => this.#observer.hurry(),
			pulse: applying,
		});
		this.#observer = new Observer({
			host,
			clock: runtime,
			log,
			agentVersion: version,
			stateFolder,
			circumstances: options.circumstances ?? [],
			intervalMs,
			answerMs: options.answerMs ?? 5_000,
			applied: () => this.#applier.state(),
			formerReport: () => readFormerReport(store, host.node, log),
			publish: (report) => this.#publisher.publish(report),
			pulses: observePulses(pulses, host.node),
		});
		this.#worker = new Worker({
			host,
			store,
			ledger,
			exclusive,
			registry,
			clock: runtime,
			log,
			run,
			keptTasks: { ...keptTasks, days: options.taskDays ?? keptTasks.days },
			membership: (signal) => this.#publisher.membership(signal),
			pulse: pulses?.loop(`work (${host.node})`, longestStepMs),
			onStep: () => applying?.beat(),
			onChanged: () => {
				this.#observer.stir();
				this.#applier.hurry();
			},
		});
	}

	/**
	 * Runs until the signal aborts, then leaves the fleet. No work is begun after that, looks are given up, and a change
	 * of the host that is going on has its time to end; one that does not is left, and the next run says that it was
	 * lost. Throws when one of the loops failed for good; the others have ended then, too.
	 */
	async run(signal: AbortSignal): Promise<void> {
		const [stop, last] = [new AbortController(), new AbortController()];
		const end = () => stop.abort(new PathkeeperError("AGENT_STOPPED"));
		signal.addEventListener("abort", end, { once: true });
		if (signal.aborted) end();
		const parts = [
			this.#observer.run(stop.signal),
			this.#applier.run(stop.signal, last.signal),
			this.#worker.run(stop.signal, last.signal),
			this.#hurryOn(configPrefix, stop.signal),
			this.#hurryOn(withdrawalPrefix, stop.signal),
		];
		const ended = Promise.allSettled(parts.map((part) => part.finally(end)));
		const outcomes = await this.#endedInTime(ended, stop.signal, last);
		signal.removeEventListener("abort", end);
		const left = this.#publisher.leave().catch((error: unknown) => {
			this.#options.log.warn(
				{ error: messageOf(error) },
				"the store could not be told that this node is leaving",
			);
		});
		await this.#within(longestGoodbyeMs, left);
		const failure = outcomes.find((outcome) => outcome.status === "rejected");
		if (failure !== undefined && !signal.aborted) throw failure.reason;
	}

	/** How the parts ended; nothing of them when they were told to end and have not done so in time. */
	async #endedInTime(
		ended: Promise<readonly PromiseSettledResult<void>[]>,
		stop: AbortSignal,
		last: AbortController,
	): Promise<readonly PromiseSettledResult<void>[]> {
		const stopped = Promise.withResolvers<null>();
		stop.addEventListener("abort", () => stopped.resolve(null), { once: true });
		if (stop.aborted) stopped.resolve(null);
		const first = await Promise.race([ended, stopped.promise]);
		if (first !== null) return first;
		const inTime = await this.#within(longestStopMs, ended);
		if (inTime !== null) return inTime;
		const tasks = this.#worker.running;
		this.#options.log.warn({ tasks }, "work that had started did not finish in time and was abandoned");
		last.abort(new PathkeeperError("AGENT_STOPPED"));
		// Who only waits ends now; a program that hangs does not.
		return (await this.#within(longestGoodbyeMs, ended)) ?? [];
	}

	/** Null when it takes longer. */
	async #within<T>(ms: number, work: Promise<T>): Promise<T | null> {
		const done = new AbortController();
		const late = this.#options.runtime.sleep(ms, done.signal).then(
			() => null,
			() => null,
		);
		try {
			return await Promise.race([work, late]);
		} finally {
			done.abort();
		}
	}

	/** A change of the wish hurries the apply loop, which reads it afresh. */
	async #hurryOn(prefix: string, signal: AbortSignal): Promise<void> {
		const { store, runtime, log } = this.#options;
		const onProblem = (problem: unknown) => {
			if (problem === null) log.info({}, "the store answers again");
			else log.warn({ error: messageOf(problem) }, "the store does not answer; this node keeps what it has");
		};
		for await (const _ of watchPrefix(store, prefix, { signal, onProblem, runtime })) this.#applier.hurry();
	}
}

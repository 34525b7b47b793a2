import type { Host } from "@pathkeeper/host";
import { type AppliedConfig, type Finding, messageOf, PathkeeperError } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";
import type { Exclusive } from "../exclusive.ts";
import type { Log } from "../log.ts";
import { Loop } from "../loop.ts";
import type { Kernel } from "../observe/sweeps.ts";
import type { Pulse } from "../progress.ts";
import { type ApplyOutcome, apply } from "./apply.ts";
import { type DesiredConfig, wishOf } from "./desired-config.ts";
import type { LedgerFile } from "./ledger.ts";
import { readBack } from "./read-back.ts";
import { Retry } from "./retry.ts";

/** How often what multipathd holds is compared with the wish when nothing changes: finds later drop-ins that win. */
const readBackMs = 60_000;
/** How long a change that was made by hand and put back is told of. */
const mendedMs = 3_600_000;
const reconfigureDeadlineMs = 120_000;

export interface ApplierOptions {
	readonly host: Host;
	readonly ledger: LedgerFile;
	readonly clock: Clock;
	readonly log: Log;
	readonly exclusive: Exclusive;
	readonly intervalMs: number;
	/** Reads the wish from the store; throws while the store does not answer. */
	readonly desired: () => Promise<DesiredConfig>;
	/** What the last look saw of the kernel when it is recent; null: not known. */
	readonly recentKernel: () => Kernel | null;
	/** Called when maps are made to change, before and after. */
	readonly onChanged: () => void;
	/** Called when what a report says of the configuration became different. */
	readonly onNews: () => void;
	/** Told of every step. */
	readonly pulse?: Pulse | undefined;
}

/** What was read back from the host, when, and for which wish. */
interface Drift {
	readonly wish: string;
	readonly at: number;
	readonly findings: readonly Finding[];
}

/** The apply loop: compares wish and host every interval, and sooner when hurried by a change in the store. */
export class Applier {
	readonly #options: ApplierOptions;
	readonly #loop: Loop;
	readonly #retry: Retry;
	#last: AbortSignal = new AbortController().signal;
	#applied: AppliedConfig = {
		state: "pending",
		configDigest: null,
		overridesDigest: null,
		at: null,
		error: null,
	};
	#findings: readonly Finding[] = [];
	#drift: Drift | null = null;
	readonly #mended = new Map<string, { readonly finding: Finding; readonly until: number }>();
	/** What `multipath -a` did not take, with its words, until it is tried again. */
	#refused: { readonly words: ReadonlyMap<string, string>; readonly until: number } | null = null;

	constructor(options: ApplierOptions) {
		this.#options = options;
		this.#retry = new Retry(options.clock);
		this.#loop = new Loop({
			work: (signal) => this.#round(signal),
			onError: (error) => options.log.error({ error: messageOf(error) }, "apply: this round failed"),
			intervalMs: options.intervalMs,
			clock: options.clock,
			pulse: options.pulse,
		});
	}

	hurry(): void {
		this.#loop.hurry();
	}

	/** What a report says about the configuration of this node. */
	state(): { readonly applied: AppliedConfig; readonly findings: readonly Finding[] } {
		const mended = [...this.#mended.values()].map(({ finding }) => finding);
		return {
			applied: this.#applied,
			findings: [...this.#findings, ...mended, ...(this.#drift?.findings ?? [])],
		};
	}

	/** Runs until `stop` aborts; what it is changing then goes on, and is cut off where it is when `last` aborts. */
	run(stop: AbortSignal, last: AbortSignal = stop): Promise<void> {
		this.#last = last;
		return this.#loop.run(stop);
	}

	async #round(signal: AbortSignal): Promise<void> {
		const before = JSON.stringify(this.state());
		await this.#options.exclusive.run(() => this.#applyOnce(signal));
		if (JSON.stringify(this.state()) !== before) this.#options.onNews();
	}

	async #applyOnce(signal: AbortSignal): Promise<void> {
		const { clock, log } = this.#options;
		let wish = "the wish itself";
		try {
			const desired = await this.#options.desired();
			wish = wishOf(desired);
			if (!this.#retry.isDue(wish)) return;
			const outcome = await this.#apply(desired, signal);
			this.#retry.succeeded();
			this.#applied = outcome.applied;
			this.#findings = outcome.findings;
			this.#noteMended(outcome.mended, clock.monotonic());
			await this.#compareEffective(desired, wish, outcome);
		} catch (error) {
			if (signal.aborted) return;
			// A store that does not answer, or takes nothing, says nothing about this node, which keeps what it has.
			if (error instanceof PathkeeperError && /^STORE_(UNAVAILABLE|FULL)$/.test(error.code)) throw error;
			this.#retry.failed(wish, error);
			await this.#noteFailure(error);
			log.error({ error: messageOf(error) }, "apply: the configuration was not applied");
		}
	}

	async #apply(desired: DesiredConfig, signal: AbortSignal): Promise<ApplyOutcome> {
		const { clock, onChanged } = this.#options;
		if (this.#refused !== null && clock.monotonic() >= this.#refused.until) this.#refused = null;
		const outcome = await apply(
			{
				...this.#options,
				signal: this.#last,
				stop: signal,
				reconfigureDeadlineMs,
				refused: this.#refused?.words ?? new Map(),
				onReconfigure: onChanged,
				onStep: () => this.#options.pulse?.beat(),
			},
			desired,
		);
		if (outcome.changed) {
			this.#refused = { words: outcome.refused, until: clock.monotonic() + readBackMs };
			onChanged();
		}
		return outcome;
	}

	/** Reads back what multipathd holds, unless the apply itself has just done so. */
	async #compareEffective(
		{ withdrawn }: DesiredConfig,
		wish: string,
		{ plan, readBack: found }: ApplyOutcome,
	): Promise<void> {
		const { clock, host } = this.#options;
		const at = clock.monotonic();
		if (plan === null) this.#drift = null;
		else if (found !== null) this.#drift = { wish, at, findings: found };
		else if (this.#drift?.wish !== wish || at - this.#drift.at >= readBackMs) {
			if (!(await host.multipathd.isRunning())) return;
			const refused = this.#refused?.words ?? new Map<string, string>();
			this.#drift = {
				wish,
				at,
				findings: await readBack(host, { plan, withdrawn, refused, kernel: this.#options.recentKernel() }),
			};
		}
	}

	/** What is put back is as it should be at the next look; people want to know of it a little longer. */
	#noteMended(findings: readonly Finding[], now: number): void {
		for (const [subject, { until }] of this.#mended) if (now >= until) this.#mended.delete(subject);
		for (const finding of findings) {
			this.#mended.set(finding.subject ?? finding.text, { finding, until: now + mendedMs });
		}
	}

	/** After a restart, too, a report tells what was applied last. */
	async #noteFailure(error: unknown): Promise<void> {
		const last = await this.#options.ledger.read().then(
			({ applied }) => applied,
			() => null,
		);
		this.#applied = {
			state: "failed",
			configDigest: last?.config ?? this.#applied.configDigest,
			overridesDigest: last?.overrides ?? this.#applied.overridesDigest,
			at: last?.at ?? this.#applied.at,
			error: messageOf(error),
		};
	}
}

import type { Host } from "@pathkeeper/host";
import { type AppliedConfig, type Finding, messageOf, PathkeeperError } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";
import type { Exclusive } from "../exclusive.ts";
import type { Log } from "../log.ts";
import { Loop } from "../loop.ts";
import { type ApplyOutcome, apply } from "./apply.ts";
import type { DesiredConfig } from "./desired-config.ts";
import type { LedgerFile } from "./ledger.ts";
import { readBack } from "./read-back.ts";

/** How often what multipathd holds is compared with the wish when nothing changes: finds later drop-ins that win. */
const readBackMs = 60_000;
/** After a refusal of the content itself, trying again helps only when something else on the host changed. */
const contentRetryMs = 600_000;
const firstRetryMs = 5_000;
const longestRetryMs = 60_000;
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
	/** Called when the host was changed. */
	readonly onChanged: () => void;
	/** Called when what a report says of the configuration became different. */
	readonly onNews: () => void;
}

interface Failure {
	/** Which wish failed: a new one is tried at once. */
	readonly wish: string;
	readonly retryAt: number;
	readonly tries: number;
}

/** The apply loop: compares wish and host every interval, and sooner when hurried by a change in the store. */
export class Applier {
	readonly #options: ApplierOptions;
	readonly #loop: Loop;
	#applied: AppliedConfig = {
		state: "pending",
		configDigest: null,
		overridesDigest: null,
		at: null,
		error: null,
	};
	#findings: readonly Finding[] = [];
	#drift: { readonly wish: string; readonly at: number; readonly findings: readonly Finding[] } | null = null;
	#failure: Failure | null = null;

	constructor(options: ApplierOptions) {
		this.#options = options;
		this.#loop = new Loop({
			work: (signal) => this.#round(signal),
			onError: (error) => options.log.error({ error: messageOf(error) }, "apply: this round failed"),
			intervalMs: options.intervalMs,
			clock: options.clock,
		});
	}

	hurry(): void {
		this.#loop.hurry();
	}

	/** What a report says about the configuration of this node. */
	state(): { readonly applied: AppliedConfig; readonly findings: readonly Finding[] } {
		return { applied: this.#applied, findings: [...this.#findings, ...(this.#drift?.findings ?? [])] };
	}

	run(signal: AbortSignal): Promise<void> {
		return this.#loop.run(signal);
	}

	async #round(signal: AbortSignal): Promise<void> {
		const before = JSON.stringify(this.state());
		await this.#options.exclusive.run(() => this.#applyOnce(signal));
		if (JSON.stringify(this.state()) !== before) this.#options.onNews();
	}

	async #applyOnce(signal: AbortSignal): Promise<void> {
		const { clock, log } = this.#options;
		const desired = await this.#options.desired();
		const wish = wishOf(desired);
		if (this.#failure?.wish === wish && clock.now() < this.#failure.retryAt) return;
		try {
			const outcome = await apply({ ...this.#options, signal, reconfigureDeadlineMs }, desired);
			this.#failure = null;
			this.#applied = outcome.applied;
			this.#findings = outcome.findings;
			await this.#compareEffective(desired, wish, outcome);
			if (outcome.changed) this.#options.onChanged();
		} catch (error) {
			if (signal.aborted) return;
			this.#fail(wish, error);
			log.error({ error: messageOf(error) }, "apply: the configuration was not applied");
			this.#options.onChanged();
		}
	}

	/** Reads back what multipathd holds, unless the apply itself has just done so. */
	async #compareEffective(desired: DesiredConfig, wish: string, outcome: ApplyOutcome): Promise<void> {
		const { clock, host } = this.#options;
		if (outcome.plan === null) {
			this.#drift = null;
			return;
		}
		if (outcome.readBack !== null) {
			this.#drift = { wish, at: clock.now(), findings: outcome.readBack };
			return;
		}
		if (this.#drift?.wish === wish && clock.now() - this.#drift.at < readBackMs) return;
		if (!(await host.multipathd.isRunning())) return;
		this.#drift = { wish, at: clock.now(), findings: await readBack(host, outcome.plan, desired.withdrawn) };
	}

	#fail(wish: string, error: unknown): void {
		const tries = this.#failure?.wish === wish ? this.#failure.tries + 1 : 1;
		const wait = isContent(error)
			? contentRetryMs
			: Math.min(longestRetryMs, firstRetryMs * 2 ** (tries - 1));
		this.#failure = { wish, retryAt: this.#options.clock.now() + wait, tries };
		this.#applied = { ...this.#applied, state: "failed", error: messageOf(error) };
	}
}

function wishOf(desired: DesiredConfig): string {
	return [desired.config.digest, desired.overrides.digest, ...[...desired.withdrawn].sort()].join(" ");
}

/** The content itself was refused, by our grammar or by the real parser. */
function isContent(error: unknown): boolean {
	return (
		error instanceof PathkeeperError && ["CONF_INVALID", "LINT_FAILED", "DAEMON_ENDED"].includes(error.code)
	);
}

import { type Finding, type KernelMap, messageOf, PathkeeperError } from "@pathkeeper/model";
import type { ApplyContext } from "./context.ts";
import { refuseCutOff } from "./cut-off.ts";
import type { DesiredConfig } from "./desired-config.ts";
import { goBack } from "./go-back.ts";
import { type Ledger, sameLedger } from "./ledger.ts";
import { blame, lintOurFiles } from "./lint.ts";
import { type FileChanges, textsOf, writeFiles } from "./own-files.ts";
import { changeWwids, type WwidChanges } from "./own-wwids.ts";
import type { Plan } from "./plan.ts";
import { readBack } from "./read-back.ts";
import { reconfigureAndSettle } from "./settle.ts";

/** How the host differs from the plan. */
export interface Differences {
	readonly plan: Plan;
	readonly ledger: Ledger;
	readonly files: FileChanges;
	readonly wwids: WwidChanges;
	readonly kernelMaps: readonly KernelMap[];
}

export interface Effect {
	/** What stayed although the plan does not have it. */
	readonly held: readonly Finding[];
	readonly readBack: readonly Finding[];
	readonly refused: ReadonlyMap<string, string>;
}

/** Changes the host to what is planned; see apply.ts for the order. */
export async function change(
	context: ApplyContext,
	desired: DesiredConfig,
	{ plan, ledger: before, files, wwids, kernelMaps }: Differences,
): Promise<Effect> {
	const { host, log } = context;
	step(context, "note");
	const noted: Ledger = {
		...before,
		files: new Map([...before.files, ...textsOf(files.changes)]),
		wwids: new Map([...wwids.owned, ...wwids.add.map((wwid) => noteAdding(wwid, wwids))]),
		unfinished: before.unfinished ?? {
			previous: files.present,
			startedAt: context.clock.now(),
			told: false,
		},
	};
	await context.ledger.write(noted);

	try {
		step(context, "write files");
		await writeFiles(host.files, files.changes);
		step(context, "lint");
		const conf = await lintOurFiles(host.tools, [...plan.files.keys()]);
		await refuseCutOff(host, kernelMaps, conf);
	} catch (error) {
		throw await undo(context, noted, error);
	}

	step(context, "allow-list");
	if (wwids.remove.length > 0) await context.ledger.write(noteLeaving(noted, wwids.remove));
	const changed = await changeWwids(host, wwids, context.onStep);
	const ready: Ledger = { ...noted, wwids: changed.owned, unfinished: told(noted) };
	const effect = { held: changed.findings, refused: changed.refused };
	const mustRead = files.changes.size > 0 || changed.changed || before.unfinished !== null;
	if (mustRead) {
		await context.ledger.write(ready);
		step(context, "reconfigure");
		context.onReconfigure();
		try {
			await reconfigureAndSettle(host.multipathd, { ...context, deadlineMs: context.reconfigureDeadlineMs });
		} catch (error) {
			const ended = error instanceof PathkeeperError && error.code === "DAEMON_ENDED";
			throw ended ? await undo(context, ready, error) : error;
		}
	}

	step(context, "read back");
	const { withdrawn } = desired;
	const found = await readBack(host, { plan, withdrawn, refused: changed.refused, kernel: null });
	step(context, "note as done");
	await noteDone(context, ready, plan, desired);
	log.info({ config: desired.config.digest, overrides: desired.overrides.digest }, "configuration applied");
	return { ...effect, readBack: found };
}

/** Writes the ledger when it says something new, and gives it. */
export async function noteDone(
	context: ApplyContext,
	ledger: Ledger,
	plan: Plan,
	desired: DesiredConfig,
): Promise<Ledger> {
	const { applied } = ledger;
	const same = applied?.config === desired.config.digest && applied.overrides === desired.overrides.digest;
	const done: Ledger = {
		files: textsOf(plan.files),
		wwids: ledger.wwids,
		unfinished: null,
		applied:
			same && ledger.unfinished === null
				? applied
				: { config: desired.config.digest, overrides: desired.overrides.digest, at: context.clock.now() },
	};
	if (!sameLedger(done, await context.ledger.read())) await context.ledger.write(done);
	return done;
}

/** An entry that is listed already is not being added: only its map is to come back. */
function noteAdding(wwid: string, { owned }: WwidChanges): [string, "adding" | "leaving"] {
	return [wwid, owned.get(wwid) === "leaving" ? "leaving" : "adding"];
}

/** Cut off between a map and its entry, the entry alone would look as if nothing were missing. */
function noteLeaving(ledger: Ledger, wwids: readonly string[]): Ledger {
	const leaving = wwids.map((wwid): [string, "leaving"] => [wwid, "leaving"]);
	return { ...ledger, wwids: new Map([...ledger.wwids, ...leaving]) };
}

/** Takes back what was written, as far as that is possible, and gives the error to throw. */
async function undo(context: ApplyContext, ledger: Ledger, error: unknown): Promise<unknown> {
	try {
		await goBack(context, ledger);
		return await blame(context.host.tools, error);
	} catch (second) {
		context.log.error({ error: messageOf(second) }, "apply: the previous files are not restored yet");
		return error;
	}
}

function told({ unfinished }: Ledger): Ledger["unfinished"] {
	return unfinished === null ? null : { ...unfinished, told: true };
}

function step({ log, onStep }: ApplyContext, name: string): void {
	onStep?.();
	log.debug({ step: name }, `apply: ${name}`);
}

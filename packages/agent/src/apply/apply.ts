/**
 * Makes one host follow the configuration of the fleet. The sequence is the same every time, and each part of it is
 * a comparison of what should be with what is, so that it can be cut off anywhere and simply run again:
 *
 *   plan → compare → note in the ledger → write files → lint → allow-list → reconfigure → read back → note as done
 *
 * The ledger is written before the host is touched. Until the effect was read back it keeps the previous files, and
 * they come back when the real `multipath -t` objects to the new ones or multipathd ends while reading them.
 */
import type { Host } from "@pathkeeper/host";
import { type AppliedConfig, type Finding, type KernelMap, PathkeeperError } from "@pathkeeper/model";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { type DesiredConfig, isBlank } from "./desired-config.ts";
import type { Ledger, LedgerFile } from "./ledger.ts";
import { lintOurFiles } from "./lint.ts";
import { compareFiles } from "./own-files.ts";
import { changeWwids, compareWwids } from "./own-wwids.ts";
import { type Plan, planOf } from "./plan.ts";
import { readBack } from "./read-back.ts";
import { reconfigureAndSettle } from "./settle.ts";

export interface ApplyContext {
	readonly host: Host;
	readonly ledger: LedgerFile;
	readonly clock: Clock;
	readonly log: Log;
	readonly signal: AbortSignal;
	/** How long multipathd may take to read its configuration again. */
	readonly reconfigureDeadlineMs: number;
}

export interface ApplyOutcome {
	readonly applied: AppliedConfig;
	readonly findings: readonly Finding[];
	/** True when the host was changed, so that maps may still be settling. */
	readonly changed: boolean;
	/** What the node should have; null when the wish was not looked at (an empty-looking store, no multipath-tools). */
	readonly plan: Plan | null;
	/** What reading the effect back found; null when nothing was changed and so nothing was read. */
	readonly readBack: readonly Finding[] | null;
}

/**
 * Applies the wish, or finds that nothing is to be done. Throws PathkeeperError when it could not; what had to be
 * put back is then put back.
 */
export async function apply(context: ApplyContext, desired: DesiredConfig): Promise<ApplyOutcome> {
	const { host } = context;
	const ledger = await context.ledger.read();
	if (isBlank(desired) && ledger.applied !== null && !isBlankDigest(ledger.applied)) return keepWhatIs(ledger);

	const toolsVersion = await host.tools.version();
	const kernelMaps = await host.sysfs.kernelMaps();
	const inUse = kernelMaps.filter(({ users }) => users.length > 0).map(({ wwid }) => wwid);
	const plan = planOf(desired, { node: host.node, toolsVersion, inUse });
	if (toolsVersion === null) {
		if (isEmpty(plan) && isEmptyLedger(ledger))
			return outcome(desired, context.clock.now(), { findings: plan.findings });
		throw new PathkeeperError("MULTIPATHD_NOT_INSTALLED", {
			values: { problem: "install it: apt install multipath-tools" },
		});
	}

	const files = await compareFiles(host.files, ledger, plan.files);
	const wwids = await compareWwids({
		tools: host.tools,
		ledger,
		wanted: plan.wwids,
		withdrawn: desired.withdrawn,
		kernelMaps,
	});
	const findings = [...plan.findings, ...files.findings, ...wwids.findings];
	const nothingToDo =
		files.changes.size === 0 &&
		wwids.add.length === 0 &&
		wwids.remove.length === 0 &&
		ledger.unfinished === null;
	if (nothingToDo) {
		const done = await noteDone(context, { ...ledger, wwids: wwids.owned }, plan, desired);
		return outcome(desired, done.applied?.at ?? context.clock.now(), { findings, plan });
	}
	const effect = await change(context, desired, plan, ledger, { files, wwids, kernelMaps });
	return outcome(desired, context.clock.now(), {
		findings: [...findings, ...effect.held],
		plan,
		changed: true,
		readBack: effect.readBack,
	});
}

interface Differences {
	readonly files: Awaited<ReturnType<typeof compareFiles>>;
	readonly wwids: Awaited<ReturnType<typeof compareWwids>>;
	readonly kernelMaps: readonly KernelMap[];
}

async function change(
	context: ApplyContext,
	desired: DesiredConfig,
	plan: Plan,
	before: Ledger,
	{ files, wwids, kernelMaps }: Differences,
): Promise<{ readonly held: readonly Finding[]; readonly readBack: readonly Finding[] }> {
	const { host, log } = context;
	step(log, "note");
	let ledger: Ledger = {
		...before,
		files: { ...before.files, ...textsOf(files.changes) },
		wwids: { ...wwids.owned, ...Object.fromEntries(wwids.add.map((wwid) => [wwid, "adding" as const])) },
		unfinished: before.unfinished ?? {
			previous: Object.fromEntries(files.present),
			startedAt: context.clock.now(),
			told: false,
		},
	};
	await context.ledger.write(ledger);

	step(log, "write files");
	try {
		await writeFiles(context, files.changes);
		step(log, "lint");
		await lintOurFiles(host.tools, [...plan.files.keys()]);
	} catch (error) {
		await goBack(context, ledger);
		throw error;
	}

	step(log, "allow-list");
	const changed = await changeWwids(host, {
		add: wwids.add,
		remove: wwids.remove,
		kernelMaps,
		owned: ledger.wwids,
	});
	ledger = { ...ledger, wwids: changed.owned, unfinished: told(ledger) };
	await context.ledger.write(ledger);

	step(log, "reconfigure");
	try {
		await reconfigureAndSettle(host.multipathd, context.clock, context.reconfigureDeadlineMs, context.signal);
	} catch (error) {
		if (error instanceof PathkeeperError && error.code === "DAEMON_ENDED") await goBack(context, ledger);
		throw error;
	}

	step(log, "read back");
	const found = await readBack(host, plan, desired.withdrawn);
	step(log, "note as done");
	await noteDone(context, ledger, plan, desired);
	log.info({ config: desired.config.digest, overrides: desired.overrides.digest }, "configuration applied");
	return { held: changed.findings, readBack: found };
}

async function writeFiles(context: ApplyContext, changes: ReadonlyMap<string, string | null>): Promise<void> {
	for (const [path, text] of changes) {
		if (text === null) await context.host.files.remove(path);
		else await context.host.files.replace(path, text, { mode: 0o644 });
	}
}

/** Puts the previous files back and, when multipathd was told of the new ones, tells it again. */
async function goBack(context: ApplyContext, ledger: Ledger): Promise<void> {
	const { unfinished } = ledger;
	if (unfinished === null) return;
	step(context.log, "previous files back");
	const previous = new Map(Object.entries(unfinished.previous));
	await writeFiles(context, previous);
	const rest = Object.entries(ledger.files).filter(([path]) => !previous.has(path));
	await context.ledger.write({
		...ledger,
		files: { ...Object.fromEntries(rest), ...textsOf(previous) },
		unfinished: null,
	});
	if (!unfinished.told || !(await context.host.multipathd.isRunning())) return;
	await reconfigureAndSettle(
		context.host.multipathd,
		context.clock,
		context.reconfigureDeadlineMs,
		context.signal,
	);
}

/** Writes the ledger when it says something new. */
async function noteDone(
	context: ApplyContext,
	ledger: Ledger,
	plan: Plan,
	desired: DesiredConfig,
): Promise<Ledger> {
	const old = ledger.applied;
	const same = old?.config === desired.config.digest && old.overrides === desired.overrides.digest;
	const done: Ledger = {
		files: textsOf(plan.files),
		wwids: ledger.wwids,
		unfinished: null,
		applied:
			same && ledger.unfinished === null
				? old
				: { config: desired.config.digest, overrides: desired.overrides.digest, at: context.clock.now() },
	};
	const before = await context.ledger.read();
	if (JSON.stringify(done) !== JSON.stringify(before)) await context.ledger.write(done);
	return done;
}

function told(ledger: Ledger): Ledger["unfinished"] {
	return ledger.unfinished === null ? null : { ...ledger.unfinished, told: true };
}

function isBlankDigest({ config, overrides }: NonNullable<Ledger["applied"]>): boolean {
	return config === "" && overrides === "";
}

/** The store holds no document at all, yet this node has applied one: an empty-looking store is no wish. */
function keepWhatIs(ledger: Ledger): ApplyOutcome {
	return {
		applied: {
			state: "applied",
			configDigest: ledger.applied?.config ?? null,
			overridesDigest: ledger.applied?.overrides ?? null,
			at: ledger.applied?.at ?? null,
			error: null,
		},
		findings: [
			{
				code: "store-empty",
				severity: "warning",
				subject: null,
				text: "the store holds no configuration; this node keeps the one it applied last. To tear it down, store an empty one",
			},
		],
		changed: false,
		plan: null,
		readBack: null,
	};
}

function outcome(
	desired: DesiredConfig,
	at: number,
	rest: Pick<ApplyOutcome, "findings"> & Partial<ApplyOutcome>,
): ApplyOutcome {
	return {
		applied: {
			state: "applied",
			configDigest: desired.config.digest,
			overridesDigest: desired.overrides.digest,
			at,
			error: null,
		},
		changed: false,
		plan: null,
		readBack: null,
		...rest,
	};
}

function textsOf(files: ReadonlyMap<string, string | null>): Record<string, string> {
	return Object.fromEntries(
		[...files].flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])),
	);
}

function isEmpty(plan: Plan): boolean {
	return plan.wwids.length === 0 && [...plan.files.values()].every((text) => text === null);
}

function isEmptyLedger(ledger: Ledger): boolean {
	return Object.keys(ledger.files).length === 0 && Object.keys(ledger.wwids).length === 0;
}

function step(log: Log, name: string): void {
	log.debug({ step: name }, `apply: ${name}`);
}

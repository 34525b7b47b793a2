/**
 * Makes one host follow the configuration of the fleet. The sequence is the same every time, and each part of it is
 * a comparison of what should be with what is, so that it can be cut off anywhere and simply run again:
 *
 *   plan → compare → note in the ledger → write files → lint → nobody cut off? → allow-list → reconfigure → read back
 *   → note as done
 *
 * The ledger is written before the host is touched. Until the effect was read back it keeps the previous files, and
 * they come back when the real `multipath -t` objects to the new ones or multipathd ends while reading them.
 */
import { type AppliedConfig, type Finding, type KernelMap, PathkeeperError } from "@pathkeeper/model";
import type { Kernel } from "../observe/sweeps.ts";
import { change, noteDone } from "./change.ts";
import type { ApplyContext } from "./context.ts";
import type { DesiredConfig } from "./desired-config.ts";
import { goBack } from "./go-back.ts";
import { type LastApplied, type Ledger, sameLedger } from "./ledger.ts";
import { hostConfBroken, isUnreadableConf } from "./lint.ts";
import { isStoreLost, lostStoreFinding } from "./lost-store.ts";
import { compareFiles, type FileChanges, writeFiles } from "./own-files.ts";
import { compareWwids, type WwidChanges } from "./own-wwids.ts";
import { type Plan, planOf } from "./plan.ts";

export interface ApplyOutcome {
	readonly applied: AppliedConfig;
	/** What is so now and was before. */
	readonly findings: readonly Finding[];
	/** What somebody else changed and is put back: true only once. */
	readonly mended: readonly Finding[];
	/** True when the host was changed, so that maps may still be settling. */
	readonly changed: boolean;
	/** What the node should have; null when the wish was not looked at (a lost store, no multipath-tools). */
	readonly plan: Plan | null;
	/** What reading the effect back found; null when nothing was changed and so nothing was read. */
	readonly readBack: readonly Finding[] | null;
	/** What `multipath -a` did not take, with its words. */
	readonly refused: ReadonlyMap<string, string>;
}

/**
 * Applies the wish, or finds that nothing is to be done. Throws PathkeeperError when it could not; what had to be
 * put back is then put back.
 */
export async function apply(context: ApplyContext, desired: DesiredConfig): Promise<ApplyOutcome> {
	const { host } = context;
	const found = await context.ledger.read();
	if (await isStoreLost(host.files, desired, found)) {
		return outcome(found.applied, { findings: [lostStoreFinding] });
	}
	const { ledger, toolsVersion } = await installedRelease(context, found);
	const compareWith = async (kernel: SeenMaps) =>
		await compare(context, desired, { ledger, toolsVersion, kernel });
	const recent = toolsVersion === null ? null : (context.recentKernel?.() ?? null);
	let compared = await compareWith(recent ?? (await mapsNow(context)));
	// The last look is good enough to see that nothing is to be done. What is done rests on the host as it is now.
	if (recent !== null && !isDone(ledger, compared)) compared = await compareWith(await mapsNow(context));
	const { plan, files, wwids, kernelMaps } = compared;
	const nothingToDo = toolsVersion !== null && isDone(ledger, compared);
	if (!nothingToDo) context.stop?.throwIfAborted();
	if (toolsVersion === null) {
		if (isEmpty(plan)) return await cleanWithoutTools(context, desired, ledger, files.changes);
		throw new PathkeeperError("MULTIPATHD_NOT_INSTALLED", {
			problem: "install it: apt install multipath-tools",
		});
	}
	const isDrift = ({ code }: Finding) => code === "drift-wwids";
	const findings = [...plan.findings, ...wwids.findings.filter((finding) => !isDrift(finding))];
	const mended = [...files.findings, ...wwids.findings.filter(isDrift)];
	if (nothingToDo) {
		const done = await noteDone(context, { ...ledger, wwids: wwids.owned }, plan, desired);
		return outcome(done.applied, { findings, mended, plan });
	}
	const effect = await change(context, desired, { plan, ledger, files, wwids, kernelMaps });
	return outcome(asApplied(desired, context.clock.now()), {
		findings: [...findings, ...effect.held],
		mended,
		plan,
		changed: true,
		readBack: effect.readBack,
		refused: effect.refused,
	});
}

/** Names and users of device-mapper devices. */
type SeenMaps = Pick<Kernel, "kernelMaps" | "foreignDmNames">;

async function mapsNow({ host: { sysfs }, onStep }: ApplyContext): Promise<SeenMaps> {
	onStep?.();
	const kernelMaps = await sysfs.kernelMaps();
	onStep?.();
	return { kernelMaps, foreignDmNames: await sysfs.foreignDmNames() };
}

/** What should be, and how the host differs from it. */
interface Compared {
	readonly plan: Plan;
	readonly files: FileChanges;
	readonly wwids: WwidChanges;
	readonly kernelMaps: readonly KernelMap[];
}

async function compare(
	{ host, refused }: ApplyContext,
	desired: DesiredConfig,
	known: { readonly ledger: Ledger; readonly toolsVersion: string | null; readonly kernel: SeenMaps },
): Promise<Compared> {
	const { ledger, toolsVersion, kernel } = known;
	const { kernelMaps } = kernel;
	const plan = planWith(kernel, desired, { node: host.node, toolsVersion });
	const files = await compareFiles(host.files, ledger, plan.files);
	const wwids = compareWwids({
		listed: await host.tools.listedWwids(),
		ledger,
		wanted: plan.wwids,
		withdrawn: desired.withdrawn,
		// New files may bring the exception that was missing.
		refused: new Set(files.changes.size === 0 ? refused.keys() : []),
		kernelMaps,
	});
	return { plan, files, wwids, kernelMaps };
}

/** The plan made last over what a look saw, with what it was made from. */
const plans = new WeakMap<SeenMaps, { readonly desired: DesiredConfig; readonly plan: Plan }>();

/** The same plan for the same wish over the same look: rendering 1,000 LUNs every few seconds is not free. */
function planWith(
	kernel: SeenMaps,
	desired: DesiredConfig,
	{ node, toolsVersion }: { readonly node: string; readonly toolsVersion: string | null },
): Plan {
	const last = plans.get(kernel);
	if (
		last?.plan.toolsVersion === toolsVersion &&
		last.desired.config.text === desired.config.text &&
		last.desired.overrides.text === desired.overrides.text
	) {
		return last.plan;
	}
	const { kernelMaps, foreignDmNames } = kernel;
	const plan = planOf(desired, {
		node,
		toolsVersion,
		inUse: kernelMaps.filter(({ users }) => users.length > 0).map(({ wwid }) => wwid),
		dmDevices: [
			...kernelMaps.map(({ name, wwid }) => ({ node, name, wwid })),
			...foreignDmNames.map((name) => ({ node, name, wwid: null })),
		],
	});
	plans.set(kernel, { desired, plan });
	return plan;
}

function isDone(ledger: Ledger, { files, wwids }: Compared): boolean {
	return (
		files.changes.size === 0 &&
		wwids.add.length === 0 &&
		wwids.remove.length === 0 &&
		ledger.unfinished === null
	);
}

/**
 * The installed release; null when there is none. The program reads the configuration before it tells, so what an
 * apply left behind when it was cut off may be in the way: then that goes first.
 */
async function installedRelease(
	context: ApplyContext,
	ledger: Ledger,
): Promise<{ readonly ledger: Ledger; readonly toolsVersion: string | null }> {
	const { tools } = context.host;
	try {
		return { ledger, toolsVersion: await tools.version() };
	} catch (error) {
		if (!isUnreadableConf(error)) throw error;
		if (ledger.unfinished === null) throw hostConfBroken(error);
		context.stop?.throwIfAborted();
		const back = await goBack(context, ledger);
		try {
			return { ledger: back, toolsVersion: await tools.version() };
		} catch (again) {
			throw isUnreadableConf(again) ? hostConfBroken(again) : again;
		}
	}
}

/** Entries of the wwids file that are ours stay in the ledger: they can only be taken out once the program is back. */
async function cleanWithoutTools(
	context: ApplyContext,
	desired: DesiredConfig,
	ledger: Ledger,
	changes: ReadonlyMap<string, string | null>,
): Promise<ApplyOutcome> {
	await writeFiles(context.host.files, changes);
	const applied = asApplied(desired, ledger.applied?.at ?? context.clock.now());
	const done: Ledger = { files: new Map(), wwids: ledger.wwids, unfinished: null, applied };
	if (!sameLedger(done, ledger)) await context.ledger.write(done);
	return outcome(applied, {});
}

function asApplied(desired: DesiredConfig, at: number): LastApplied {
	return { config: desired.config.digest, overrides: desired.overrides.digest, at };
}

function outcome(applied: LastApplied | null, rest: Partial<ApplyOutcome>): ApplyOutcome {
	return {
		applied: {
			state: "applied",
			configDigest: applied?.config ?? null,
			overridesDigest: applied?.overrides ?? null,
			at: applied?.at ?? null,
			error: null,
		},
		findings: [],
		mended: [],
		changed: false,
		plan: null,
		readBack: null,
		refused: new Map(),
		...rest,
	};
}

function isEmpty(plan: Plan): boolean {
	return plan.wwids.length === 0 && [...plan.files.values()].every((text) => text === null);
}

/**
 * Forgets a LUN in the whole fleet, without ever un-listing an open map:
 *
 *   withdrawal written → every node asked who uses it → every node takes its map and entry off → config without it
 *   → withdrawal taken back → the nodes apply → verified gone
 *
 * While the withdrawal stands no agent adds or removes the LUN by itself. It hangs on a lease of this piece of work:
 * when the server dies or hangs on the way, the withdrawal vanishes, and the nodes that had given the LUN up bring it
 * back from the configuration, which still has it. The same happens when a node refuses.
 */
import {
	withoutLun as forgetInText,
	PathkeeperError,
	type Runtime,
	storagesOnLun,
	tasks,
} from "@pathkeeper/model";
import {
	beginWithdrawal,
	type ConfigDocument,
	editConfig,
	type FleetNode,
	keepLease,
	readConfig,
	readTaskLog,
	readWithdrawals,
	type Store,
} from "@pathkeeper/store";
import type { FleetReader } from "../fleet/read-fleet.ts";
import type { Caller } from "../http/caller.ts";
import type { Questions } from "../questions/questions.ts";
import { onEveryNode } from "../tasks/every-node.ts";
import type { NodeOutcome } from "../tasks/node-outcome.ts";
import { type ForgetStep, refusal } from "./forget-refusal.ts";
import { verifyForgotten } from "./verify-forgotten.ts";

/** How long the withdrawal outlives a server that died. */
const leaseMs = 15_000;

export interface ForgetContext {
	readonly store: Store;
	readonly fleet: FleetReader;
	readonly questions: Pick<Questions, "changed" | "sawEnd">;
	readonly runtime: Runtime;
}

export interface ForgetRequest {
	readonly wwid: string;
	/** Skips nodes that cannot be asked; never a map that is in use. */
	readonly force: boolean;
	/** Given and not that of the document: refused. */
	readonly digest: string | undefined;
	readonly caller: Caller;
}

export interface Forgotten {
	readonly document: ConfigDocument;
	/** What was done, node by node, in words. */
	readonly log: readonly string[];
	/** True when every node that was asked shows neither map nor entry of ours any more. */
	readonly verified: boolean;
}

/** Throws LUN_IN_USE, LUN_NOT_FORGOTTEN, NODE_UNREACHABLE, NODE_BUSY, DIGEST_CONFLICT or NOT_FOUND, and then the LUN stays. */
export async function forgetLun(context: ForgetContext, request: ForgetRequest): Promise<Forgotten> {
	await checkListed(context.store, request);
	const { document, nodes, log } = await withdraw(context, request);
	const check = await verifyForgotten(context, request.wwid, nodes);
	return { document, log: [...log, ...check.log], verified: check.verified };
}

interface Withdrawn {
	readonly document: ConfigDocument;
	/** Nodes that gave the LUN up. */
	readonly nodes: readonly string[];
	readonly log: readonly string[];
}

/** All that happens while the withdrawal stands. */
async function withdraw(context: ForgetContext, request: ForgetRequest): Promise<Withdrawn> {
	const { store, runtime } = context;
	const { wwid, caller, digest } = request;
	const author = { by: caller.user, from: caller.from, at: runtime.now() };
	const kept = await keepLease(store, leaseMs, () => runtime.monotonic());
	try {
		await begin(store, wwid, () => beginWithdrawal(store, wwid, author, kept.lease));
		const members = await context.fleet.members();
		const offline = members.filter(({ member }) => member === null).map(({ node }) => offlineOutcome(node));
		if (!request.force && offline.length > 0) throw refusal(wwid, "guard", offline);

		const waiting = { ...context, onWait: kept.renew };
		const online = members.filter(({ member }) => member !== null);
		const guarded = await onEachNode(waiting, request, "guard", online);
		const free = online.filter(({ node }) => nodesOf(guarded, "done").includes(node));
		const taken = await onEachNode(waiting, request, "withdraw", free);

		if (kept.isLost()) {
			const problem = "the store lost this server; the nodes take the LUN back by themselves";
			throw new PathkeeperError("LUN_NOT_FORGOTTEN", { wwid, problem });
		}
		const edit = { ...author, at: runtime.now(), ...(digest === undefined ? {} : { digest }) };
		const document = await editConfig(store, "multipath.cfg", (text) => forgetInText(text, wwid), edit);
		const skipped = [...offline, ...guarded, ...taken].flatMap((outcome) =>
			outcome.kind === "unreachable" ? [`${outcome.node}: skipped and not verified: ${outcome.text}`] : [],
		);
		return {
			document,
			nodes: nodesOf(taken, "done"),
			log: [...(await logsOf(store, taken)), ...skipped],
		};
	} finally {
		await kept.end();
	}
}

async function checkListed(store: Store, { wwid, digest }: ForgetRequest): Promise<void> {
	const users = storagesOnLun((await readConfig(store, "storage.cfg")).text, wwid);
	if (users.length > 0) {
		const problem = `storage ${users.join(", ")} uses it; remove that first`;
		throw new PathkeeperError("LUN_NOT_FORGOTTEN", { wwid, problem });
	}
	const document = await readConfig(store, "multipath.cfg");
	if (digest !== undefined && digest !== document.digest) throw new PathkeeperError("DIGEST_CONFLICT");
	forgetInText(document.text, wwid);
}

/** Two who forget one LUN at a time would undo each other's work. */
async function begin(store: Store, wwid: string, write: () => Promise<void>): Promise<void> {
	try {
		await write();
	} catch (error) {
		if (!(error instanceof PathkeeperError) || error.code !== "ALREADY_EXISTS") throw error;
		const author = (await readWithdrawals(store)).get(wwid)?.author;
		const who = author === null || author === undefined ? "somebody" : author.by;
		throw new PathkeeperError(
			"LUN_NOT_FORGOTTEN",
			{ wwid, problem: `${who} is forgetting it right now; this call changed nothing` },
			{ cause: error },
		);
	}
}

const taskOf = { guard: tasks.lunGuard, withdraw: tasks.lunWithdraw } as const;

/** Does one step on all nodes. Throws when one of them did not do it and is not to be skipped. */
async function onEachNode(
	context: Parameters<typeof onEveryNode>[0],
	{ wwid, caller, force }: ForgetRequest,
	step: ForgetStep,
	nodes: readonly FleetNode[],
): Promise<readonly NodeOutcome<null>[]> {
	const outcomes = await onEveryNode(context, nodes, { task: taskOf[step], argument: { wwid }, caller });
	const stops = outcomes.some(({ kind }) => kind !== "done" && !(kind === "unreachable" && force));
	if (stops) throw refusal(wwid, step, outcomes);
	return outcomes;
}

/** What the nodes wrote down that they did. */
async function logsOf(store: Store, outcomes: readonly NodeOutcome<null>[]): Promise<readonly string[]> {
	const logs = outcomes.map(async (outcome) =>
		outcome.kind === "done" ? await readTaskLog(store, outcome) : [],
	);
	return (await Promise.all(logs)).flat();
}

function offlineOutcome(node: string): NodeOutcome<null> {
	const text = "no sign of life from its agent, so it may use the LUN";
	return { node, kind: "unreachable", why: "offline", text };
}

function nodesOf(outcomes: readonly NodeOutcome<null>[], kind: NodeOutcome<null>["kind"]): string[] {
	return outcomes.filter((outcome) => outcome.kind === kind).map(({ node }) => node);
}

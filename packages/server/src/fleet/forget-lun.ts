/**
 * Forgets a LUN in the whole fleet, without ever un-listing an open map:
 *
 *   withdrawal written → every node asked who uses it → every node takes its map and entry off → config without it
 *   → withdrawal taken back → the nodes apply → verified gone
 *
 * While the withdrawal stands no agent adds or removes the LUN by itself. It hangs on the server's lease: when the
 * server dies on the way, the withdrawal vanishes and the nodes bring the LUN back from the configuration.
 */
import { randomInt } from "node:crypto";
import { forgetLun as forgetInText, PathkeeperError } from "@pathkeeper/model";
import {
	beginWithdrawal,
	type ConfigDocument,
	createTask,
	editConfig,
	endWithdrawal,
	giveUpTask,
	readConfig,
	readTask,
	readTaskLog,
	type Store,
	type StoredTask,
	taskNotTaken,
} from "@pathkeeper/store";
import type { Caller } from "../caller.ts";
import { readNodeViews } from "./read-fleet.ts";

/** A node that does not take its task within this time is not reachable. */
const takeWithinMs = 10_000;
/** A task that was taken and is not done by then is waited for no longer; its outcome will stand in the store. */
const doneWithinMs = 120_000;
const lookEveryMs = 100;

export interface ForgetContext {
	readonly store: Store;
	readonly now: () => number;
	readonly sleep: (ms: number) => Promise<void>;
}

export interface ForgetRequest {
	readonly wwid: string;
	/** Skips nodes that cannot be asked; never a map that is in use. */
	readonly force: boolean;
	readonly digest?: string;
	readonly caller: Caller;
}

/** The changed document, and what was done in words. Throws LUN_IN_USE, NODE_UNREACHABLE, DIGEST_CONFLICT, NOT_FOUND. */
export async function forgetLun(
	context: ForgetContext,
	request: ForgetRequest,
): Promise<{ readonly document: ConfigDocument; readonly log: readonly string[] }> {
	const { store, now } = context;
	const { wwid, caller, digest } = request;
	await checkListed(store, wwid, digest);
	const author = { by: caller.user, from: caller.from, at: now() };
	await beginWithdrawal(store, wwid, author, null);
	try {
		const nodes = await readNodeViews(store);
		const online = nodes.filter((view) => view.online).map(({ node }) => node);
		const offline = nodes.filter((view) => !view.online).map(({ node }) => node);
		const [first] = offline;
		if (first !== undefined && !request.force) {
			throw new PathkeeperError("NODE_UNREACHABLE", {
				values: {
					node: first,
					problem: "no sign of life from its agent, so it may use the LUN; force skips such nodes",
				},
			});
		}
		await onEachNode(context, request, online, "lunguard");
		const log = await onEachNode(context, request, online, "lunwithdraw");
		const edit = { ...author, at: now(), ...(digest === undefined ? {} : { digest }) };
		const document = await editConfig(store, "multipath.cfg", (text) => forgetInText(text, wwid), edit);
		return { document, log: [...log, ...offline.map((node) => `${node}: skipped, it could not be asked`)] };
	} finally {
		await endWithdrawal(store, wwid);
	}
}

async function checkListed(store: Store, wwid: string, digest: string | undefined): Promise<void> {
	const document = await readConfig(store, "multipath.cfg");
	if (digest !== undefined && digest !== document.digest) throw new PathkeeperError("DIGEST_CONFLICT");
	forgetInText(document.text, wwid);
}

/** Gives every node the same task and waits for all of them; the first failure is thrown once all have ended. */
async function onEachNode(
	context: ForgetContext,
	request: ForgetRequest,
	nodes: readonly string[],
	type: string,
): Promise<string[]> {
	const outcomes = await Promise.allSettled(nodes.map((node) => runTask(context, request, node, type)));
	const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
	if (failures.length > 0) throw joined(request.wwid, failures);
	return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
}

function joined(wwid: string, failures: readonly unknown[]): unknown {
	const inUse = failures.filter((failure): failure is TaskFailure => failure instanceof TaskFailure);
	if (inUse.length !== failures.length) return failures.find((failure) => !(failure instanceof TaskFailure));
	return new PathkeeperError("LUN_NOT_FORGOTTEN", {
		values: { wwid, problem: inUse.map(({ message }) => message).join("; ") },
	});
}

/** The node's own words for why it did not do its part. */
class TaskFailure extends Error {}

async function runTask(
	{ store, now, sleep }: ForgetContext,
	{ wwid, caller }: ForgetRequest,
	node: string,
	type: string,
): Promise<readonly string[]> {
	const asked = await createTask(store, {
		node,
		type,
		id: wwid,
		user: caller.user,
		argument: { wwid },
		at: now(),
		takeWithinMs,
		pid: process.pid,
		pstart: randomInt(2 ** 32),
	});
	const task = await ended({ store, now, sleep }, asked);
	if (task.exitStatus === taskNotTaken) {
		throw new PathkeeperError("NODE_UNREACHABLE", {
			values: { node, problem: `its agent did not take the task within ${takeWithinMs / 1000} s` },
		});
	}
	if (task.exitStatus !== "OK") throw new TaskFailure(task.exitStatus ?? "no outcome");
	return await readTaskLog(store, task);
}

async function ended({ store, now, sleep }: ForgetContext, asked: StoredTask) {
	const { upid, node } = asked.task;
	for (const begun = now(); ; await sleep(lookEveryMs)) {
		const stored = (await readTask(store, upid)) ?? asked;
		if (stored.task.state === "stopped") return stored.task;
		if (stored.task.state === "waiting" && now() > stored.task.takeBefore) {
			await giveUpTask(store, stored, taskNotTaken, now());
		}
		if (now() - begun > doneWithinMs) {
			throw new PathkeeperError("NODE_UNREACHABLE", {
				values: { node, problem: `its task is still running after ${doneWithinMs / 1000} s: ${upid}` },
			});
		}
	}
}

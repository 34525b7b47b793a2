import { baseOf, PathkeeperError, type Storage } from "@pathkeeper/model";
import type { FleetNode } from "@pathkeeper/store";
import { Type } from "typebox";
import type { Caller } from "../caller.ts";
import type { HandlerContext } from "../routes/context.ts";
import { guard } from "./ask-node.ts";

const answer = Type.Object({ users: Type.Array(Type.String()) });

export interface Guarded {
	readonly volname: string;
	/** A node that looks itself, when it does the work, whether anybody holds the volume; null: none. */
	readonly except: string | null;
	readonly caller: Caller;
	/** Skips nodes that cannot say whether they use it, never one that does. */
	readonly force: boolean;
}

/**
 * Throws VOLUME_IN_USE when a node has a volume of a group that all of them see active, or cannot say so. Every node is
 * asked now: what it reported lags, and does not name every user.
 */
export async function checkUnused(
	context: HandlerContext,
	storage: Storage,
	guarded: Guarded,
): Promise<void> {
	const isOnOneNode = !storage.shared && baseOf(storage) === null;
	if (storage.values["vgname"] === undefined || isOnOneNode) return;
	const nodes = (await context.fleet.members()).filter(({ node }) => mayUse(storage, node, guarded));
	const users = (await Promise.all(nodes.map((node) => usersOn(context, storage, node, guarded)))).flat();
	if (users.length === 0) return;
	const values = { volume: `${storage.id}:${guarded.volname}`, users: users.join("; ") };
	throw new PathkeeperError("VOLUME_IN_USE", values);
}

function mayUse(storage: Storage, node: string, { except }: Guarded): boolean {
	return node !== except && (storage.nodes === null || storage.nodes.includes(node));
}

async function usersOn(
	context: HandlerContext,
	{ id }: Storage,
	{ node, member }: FleetNode,
	{ volname, caller, force }: Guarded,
): Promise<readonly string[]> {
	if (member === null) return force ? [] : [`${node}: no sign of life from its agent, so it may use it`];
	const volume = `${id}:${volname}`;
	try {
		const asked = { node, type: "imgguard" as const, id: volume, argument: { volume }, caller };
		return (await guard(context, asked, answer)).users.map((user) => `${node}: ${user}`);
	} catch (error) {
		if (!isNodeProblem(error)) throw error;
		return force ? [] : [`${node}: it cannot say whether it uses it (${error.message})`];
	}
}

function isNodeProblem(error: unknown): error is PathkeeperError {
	return (
		error instanceof PathkeeperError &&
		["NODE_UNREACHABLE", "NODE_BUSY", "NODE_NOT_DONE", "NODE_ANSWER_UNREADABLE", "VOLUME_REFUSED"].includes(
			error.code,
		)
	);
}

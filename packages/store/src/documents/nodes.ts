import { messageOf, PathkeeperError, type StorageType, storageTypeSchema } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Entry, Lease, Store } from "../store.ts";
import { jsonDocument, unreadable } from "./json-document.ts";
import { below, isNodeName, layout } from "./layout.ts";

/** A node whose agent runs now, as that agent says; there as long as its lease is kept alive. */
export interface Member {
	readonly node: string;
	/** Which run of the agent this is: a text that no other run has. */
	readonly run: string;
	readonly agentVersion: string;
	/** Longest time between two looks at the host, in milliseconds. */
	readonly intervalMs: number;
	/** Milliseconds since the epoch, by the node's clock. */
	readonly joinedAt: number;
	/** Types of storages that plugins of this node bring along, beside the built-in ones; absent: none. */
	readonly storageTypes?: readonly StorageType[];
}

/** That a run of an agent speaks for its node. */
export interface Membership {
	/** Keeps the node a member; nothing else of the node hangs on it. */
	readonly lease: Lease;
	/** Of the write that made it a member: while it stands, no other run speaks for the node. */
	readonly revision: bigint;
}

/** A node of the fleet. One that ever joined stays known, so that it is missed when its agent is gone. */
export interface FleetNode {
	readonly node: string;
	/** Null: no agent of this node keeps a lease, it is offline. */
	readonly member: Member | null;
	/**
	 * Revision at which that agent became a member; null: there is none. A report that was written before is of an
	 * earlier run, and says what was last known of the node.
	 */
	readonly joinedRevision: bigint | null;
	/** Last time an agent of it joined, milliseconds since the epoch; null when that is not readable. */
	readonly lastJoinedAt: number | null;
	/** Since when it is silent, milliseconds since the epoch; null: it is not, or nobody noted it yet. */
	readonly silentSince: number | null;
	/** What of this node could not be read; null when all could. */
	readonly problem: string | null;
}

/** A lease lasts this many of the node's refresh intervals, and then the node counts as offline. */
export const intervalsInLease = 3;
const shortestLeaseMs = 5000;

const memberDocument = jsonDocument(
	Type.Object({
		node: Type.String(),
		run: Type.String(),
		agentVersion: Type.String(),
		intervalMs: Type.Number({ exclusiveMinimum: 0 }),
		joinedAt: Type.Number(),
		storageTypes: Type.Optional(Type.Array(storageTypeSchema)),
	}),
);
const knownDocument = jsonDocument(
	Type.Object({
		node: Type.String(),
		lastJoinedAt: Type.Number(),
		/** Not there while an agent of it runs: joining writes the document anew. */
		silentSince: Type.Optional(Type.Number()),
	}),
);

/**
 * Makes an agent the one that speaks for its node, until its lease ends. Throws ALREADY_EXISTS while another run holds
 * the name: after a crash, until its lease ends; for ever, when two hosts were given one name.
 */
export async function joinFleet(store: Store, member: Member): Promise<Membership> {
	const { node } = member;
	const lease = await store.lease(Math.max(shortestLeaseMs, member.intervalMs * intervalsInLease));
	const known = { node, lastJoinedAt: member.joinedAt };
	try {
		const { succeeded, revision } = await store.txn({
			compare: [{ key: layout.member(node), revision: null }],
			writes: [
				{ op: "put", key: layout.member(node), value: memberDocument.encode(member), lease },
				{ op: "put", key: layout.knownNode(node), value: knownDocument.encode(known) },
			],
		});
		if (succeeded) return { lease, revision };
	} catch (error) {
		await lease.revoke().catch(() => undefined); // It ends by itself; the first error says more.
		throw error;
	}
	await lease.revoke();
	throw new PathkeeperError("ALREADY_EXISTS", { what: `an agent for node '${node}'` });
}

/**
 * Notes that a node is silent since a moment, for who asks later; the store does not keep when a lease ended. It keeps
 * the first moment that was noted since its agent last joined, and notes nothing of a node whose agent is there.
 */
export async function noteSilence(store: Store, node: string, silentSince: number): Promise<void> {
	const key = layout.knownNode(node);
	const entry = await store.get(key);
	if (entry === null) return;
	const { value: known } = attempt(node, entry, knownDocument.decode);
	if (known === null || known.silentSince !== undefined) return;
	await store.txn({
		compare: [
			{ key, revision: entry.revision },
			{ key: layout.member(node), revision: null },
		],
		writes: [{ op: "put", key, value: knownDocument.encode({ ...known, silentSince }) }],
	});
}

/** What to list or watch: members come and go below the one, known nodes stand below the other. */
export const memberPrefix: string = layout.members;
export const knownNodePrefix: string = layout.knownNodes;

/** All nodes that ever joined and were not forgotten, sorted by name. */
export async function readNodes(store: Store): Promise<readonly FleetNode[]> {
	const members = await store.list(memberPrefix);
	const known = await store.list(knownNodePrefix);
	return nodesFrom(members.entries, known.entries);
}

/** Joins listings or snapshots of `memberPrefix` and `knownNodePrefix`. */
export function nodesFrom(members: readonly Entry[], known: readonly Entry[]): readonly FleetNode[] {
	const memberOf = byNode(layout.members, members);
	const knownOf = byNode(layout.knownNodes, known);
	return [...new Set([...memberOf.keys(), ...knownOf.keys()])].sort().map((node) => {
		const member = attempt(node, memberOf.get(node), memberDocument.decode);
		const seen = attempt(node, knownOf.get(node), knownDocument.decode);
		return {
			node,
			member: member.value,
			joinedRevision: member.value === null ? null : (memberOf.get(node)?.revision ?? null),
			lastJoinedAt: member.value?.joinedAt ?? seen.value?.lastJoinedAt ?? null,
			silentSince: member.value === null ? (seen.value?.silentSince ?? null) : null,
			problem: member.problem ?? seen.problem,
		};
	});
}

function byNode(prefix: string, entries: readonly Entry[]): ReadonlyMap<string, Entry> {
	const nodes = new Map<string, Entry>();
	for (const entry of entries) {
		const node = below(prefix, entry.key);
		if (node !== null && isNodeName(node)) nodes.set(node, entry);
	}
	return nodes;
}

function attempt<T extends { readonly node: string }>(
	node: string,
	entry: Entry | undefined,
	decode: (key: string, value: Uint8Array) => T,
): { readonly value: T | null; readonly problem: string | null } {
	if (entry === undefined) return { value: null, problem: null };
	try {
		const value = decode(entry.key, entry.value);
		if (value.node !== node) throw unreadable(entry.key, `it is about node '${value.node}'`);
		return { value, problem: null };
	} catch (error) {
		return { value: null, problem: messageOf(error) };
	}
}

import { multipathRoutes } from "@pathkeeper/model";
import { Progress } from "../output/progress.ts";
import { counted, shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import type { Fleet, NodeState } from "./fleet-answers.ts";

/** How far a change came on the nodes. */
export interface Applied {
	readonly nodes: number;
	readonly applied: number;
	/** From the change on, as far as it was waited. */
	readonly seconds: number;
	/** Nodes that have not applied it, and why. */
	readonly behind: readonly Behind[];
	/** The fleet when the waiting ended. */
	readonly fleet: Fleet;
}

export interface Behind {
	readonly node: string;
	/** True when it is no failure: the node is away, and applies the change when it is back. */
	readonly later: boolean;
	readonly why: string;
}

/** Nodes get this long; one that takes longer goes on without being watched. */
const withinMs = 20_000;
const lookEveryMs = 200;
/** A failure that a node reports may still be that of an earlier change, until it had time to try this one. */
const triedWithinMs = 3_000;
/** After the last node has applied, maps that are being built get this long to be there. */
const settledWithinMs = 5_000;

/** Watches the nodes apply what was just stored, and shows how far they are. */
export async function waitApplied({ client, io }: Session): Promise<Applied> {
	const progress = new Progress(io);
	const begun = io.monotonic();
	let appliedAt: number | null = null;
	try {
		for (;;) {
			const fleet = await client.call(multipathRoutes.getStatus, {});
			const waited = io.monotonic() - begun;
			const behind = fleet.nodes.flatMap((node) => behindOf(node, waited));
			const open = behind.filter(({ final }) => !final).length;
			if (open === 0) appliedAt ??= waited;
			const settling = fleet.nodes.some((node) => node.online === 1 && node.settling === 1);
			const done = appliedAt !== null && (!settling || waited - appliedAt > settledWithinMs);
			if (done || waited > withinMs) return outcome(fleet, behind, appliedAt ?? waited);
			const count = fleet.nodes.length - behind.length;
			progress.show(`applied on ${count} of ${counted(fleet.nodes.length, "node")} …`);
			await io.sleep(lookEveryMs);
		}
	} finally {
		progress.end();
	}
}

/** What people read of it; the exit code is 1 when a node failed, and 0 when some are merely away. */
export function appliedText({ nodes, applied, seconds, behind }: Applied): string {
	if (nodes === 0) return "stored; no node has reported yet\n";
	const lines = behind.map(({ node, why }) => `  ${shown(node)}: ${shown(why)}\n`);
	return `applied on ${applied} of ${counted(nodes, "node")} (${seconds} s)\n${lines.join("")}`;
}

export function appliedExitCode({ behind }: Applied): number {
	return behind.some(({ later }) => !later) ? 1 : 0;
}

/** What a machine reads of it. */
export function appliedDocument({ nodes, applied, seconds, behind }: Applied) {
	return { nodes, applied, seconds, behind: behind.map((one) => ({ ...one })) };
}

interface BehindNow extends Behind {
	/** True when waiting longer will not help. */
	readonly final: boolean;
}

function behindOf({ node, online, applied, multipathd }: NodeState, waited: number): BehindNow[] {
	if (online !== 1) {
		const why = "no sign of life from its agent; it applies the change when it is back";
		return [{ node, later: true, final: true, why }];
	}
	if (applied.current === 1) return [];
	if (applied.state === "failed") {
		const why = `not applied: ${applied.error ?? "no reason given"}`;
		return [{ node, later: false, final: waited > triedWithinMs, why }];
	}
	const daemon = multipathd.problem === null ? "" : ` (${multipathd.problem})`;
	const why = `not applied yet${daemon}; see: pathkeeper node show ${node}`;
	return [{ node, later: false, final: false, why }];
}

function outcome(fleet: Fleet, behind: readonly BehindNow[], ms: number): Applied {
	return {
		nodes: fleet.nodes.length,
		applied: fleet.nodes.length - behind.length,
		seconds: Math.round(ms / 100) / 10,
		behind: behind.map(({ node, later, why }) => ({ node, later, why })),
		fleet,
	};
}

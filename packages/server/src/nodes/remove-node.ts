/**
 * Removing a node that is gone. A host that is only cut off looks the same as a dead one, and nobody asks it any more
 * before a LUN or volume goes: so what was in use there when it was last heard is named, and a person says that it is
 * off for good.
 */
import { PathkeeperError } from "@pathkeeper/model";
import { type RemovableNode, readRemovable, removeNode } from "@pathkeeper/store";
import { maySee } from "../access/see-storage.ts";
import type { HandlerContext } from "../context/handler-context.ts";
import type { Caller } from "../http/caller.ts";
import { readStorages } from "../volumes/read-storages.ts";

export interface NodeRemoval {
	readonly removable: RemovableNode;
	/** What was in use there, or why that is not known. */
	readonly uses: readonly string[];
	/** LUNs and storages that are meant for this node by name. */
	readonly named: readonly string[];
}

/** Throws NOT_FOUND when none of this name ever joined. */
export async function readRemoval(
	{ fleet, store }: Pick<HandlerContext, "fleet" | "store">,
	node: string,
	caller: Caller,
): Promise<NodeRemoval> {
	const removable = await readRemovable(store, node, (stored) => fleet.reportOf(stored));
	if (removable === null) throw new PathkeeperError("NOT_FOUND", { what: `node '${node}'` });
	const { config } = await fleet.config();
	const { storages } = await readStorages(store);
	const nameOf = new Map(config.luns.map(({ wwid, alias }) => [wwid, alias ?? wwid]));
	return {
		removable,
		uses: usesOf(removable, nameOf),
		named: [
			...config.luns.flatMap((lun) =>
				lun.nodes?.includes(node) === true ? [`LUN ${lun.alias ?? lun.wwid}`] : [],
			),
			...storages.flatMap(({ id, nodes }) =>
				nodes?.includes(node) === true && maySee(caller, id) ? [`storage ${id}`] : [],
			),
		],
	};
}

function usesOf(
	{ node, report, reportProblem }: RemovableNode,
	nameOf: ReadonlyMap<string, string>,
): string[] {
	if (report === null) return [reportProblem ?? "it left no report, so what it uses is not known"];
	// The first report of a run is of the moment when it joined, by the same clock.
	if (report.at < (node.lastJoinedAt ?? 0))
		return ["its last report is of before its agent last started, so what it uses is not known"];
	const gap = report.findings.find(({ code }) => hidesUsers.has(code));
	const hidden = gap === undefined ? [] : [`its last report may not name all of its users: ${gap.text}`];
	const named = report.kernelMaps.flatMap(({ wwid, users }) =>
		users.map((user) => `LUN ${nameOf.get(wwid) ?? wwid}: ${user}`),
	);
	return [...hidden, ...named];
}

/** Findings of a node that could not look everywhere, so that users may be missing from its report. */
const hidesUsers: ReadonlySet<string> = new Set(["kernel-read-stuck", "lvm-unknown"]);

/**
 * Throws NOT_FOUND; NODE_ALIVE while its agent runs; NODE_IN_USE where it may still use something and its name was not
 * given again; PARAMETER_INVALID where another name was given.
 */
export async function removeFromFleet(
	context: Pick<HandlerContext, "fleet" | "store" | "runtime">,
	{
		node,
		confirm,
		caller,
	}: { readonly node: string; readonly confirm: string | undefined; readonly caller: Caller },
): Promise<NodeRemoval> {
	const removal = await readRemoval(context, node, caller);
	const { removable, uses } = removal;
	if (removable.node.member !== null) throw new PathkeeperError("NODE_ALIVE", { node });
	if (confirm !== undefined && confirm !== node)
		throw new PathkeeperError("PARAMETER_INVALID", {
			fields: { confirm: `'${confirm}' is not the name of the node, which is '${node}'` },
		});
	if (uses.length > 0 && confirm === undefined)
		throw new PathkeeperError("NODE_IN_USE", { node, users: uses.join("; ") });
	await removeNode(context.store, removable, {
		by: caller.user,
		from: caller.from,
		at: context.runtime.now(),
	});
	return removal;
}

import type { Host } from "@pathkeeper/host";
import { type Finding, type KernelMap, messageOf, PathkeeperError } from "@pathkeeper/model";
import type { Ledger, WwidEntry } from "./ledger.ts";
import { removeMaps } from "./remove-maps.ts";

/** How the node's allow-list differs from the plan. */
export interface WwidChanges {
	readonly add: readonly string[];
	/** Entries we added that the plan no longer has, and whose map nobody uses. */
	readonly remove: readonly string[];
	/** Ledger entries as they are after looking at the file. */
	readonly owned: ReadonlyMap<string, WwidEntry>;
	readonly findings: readonly Finding[];
}

/**
 * Compares the wwids file with the plan. An entry that somebody else put there is never adopted and never removed.
 * An entry whose map is in use stays, whatever the plan says, and comes back when it is gone: its users must not
 * depend on what the next reconfigure makes of an open map that is not listed.
 */
export function compareWwids(input: {
	/** The wwids file now. */
	readonly listed: readonly string[];
	readonly ledger: Ledger;
	readonly wanted: readonly string[];
	readonly withdrawn: ReadonlySet<string>;
	/** Not tried now, because a rule of the host was in the way a moment ago. */
	readonly refused: ReadonlySet<string>;
	readonly kernelMaps: readonly KernelMap[];
}): WwidChanges {
	const { ledger, withdrawn, refused } = input;
	const listed = new Set(input.listed);
	const wanted = new Set(input.wanted);
	const users = new Map(input.kernelMaps.map((map) => [map.wwid, map.users]));
	const owned = new Map<string, WwidEntry>();
	const add = new Set<string>();
	const remove: string[] = [];
	const findings: Finding[] = [];

	for (const [wwid, state] of ledger.wwids) {
		const usersHere = users.get(wwid) ?? [];
		if (withdrawn.has(wwid)) owned.set(wwid, state);
		else if (wanted.has(wwid)) {
			owned.set(wwid, state === "adding" && listed.has(wwid) ? "listed" : state);
			if (state === "leaving") add.add(wwid);
			else if (state === "listed" && !listed.has(wwid)) findings.push(driftFinding(wwid));
		} else if (usersHere.length > 0) {
			owned.set(wwid, state);
			if (!listed.has(wwid)) add.add(wwid);
			findings.push(heldFinding(wwid, usersHere));
		} else if (listed.has(wwid)) {
			owned.set(wwid, state);
			remove.push(wwid);
		}
	}
	for (const wwid of wanted) {
		if (!listed.has(wwid) && !withdrawn.has(wwid) && !refused.has(wwid)) add.add(wwid);
	}
	return { add: [...add], remove, owned, findings };
}

function driftFinding(wwid: string): Finding {
	return {
		code: "drift-wwids",
		severity: "warning",
		subject: wwid,
		text: `${wwid} was removed from /etc/multipath/wwids by hand and was restored; to give up the LUN, forget it`,
	};
}

function heldFinding(wwid: string, users: readonly string[]): Finding {
	return {
		code: "unlisted-in-use",
		severity: "error",
		subject: wwid,
		text: `LUN ${wwid} is no longer assigned to this node but is in use here, so it keeps its map: ${users.join("; ")}`,
	};
}

export interface ChangedWwids {
	/** Ledger entries as they are now. */
	readonly owned: ReadonlyMap<string, WwidEntry>;
	/** What stayed although the plan does not have it. */
	readonly findings: readonly Finding[];
	/** What `multipath -a` did not take, with its words. */
	readonly refused: ReadonlyMap<string, string>;
	/** True when multipathd has to be told. */
	readonly changed: boolean;
}

/** Takes entries with their maps out and adds others, one by one; `multipath -a` is believed only by the file itself. */
export async function changeWwids(
	host: Host,
	changes: WwidChanges,
	onStep?: () => void,
): Promise<ChangedWwids> {
	const owned = new Map(changes.owned);
	const findings: Finding[] = [];
	for (const [wwid, outcome] of await removeMaps(host, changes.remove, onStep)) {
		if ("stays" in outcome) findings.push(heldFinding(wwid, outcome.stays));
		else owned.delete(wwid);
	}
	const refused = new Map<string, string>();
	for (const wwid of changes.add) {
		onStep?.();
		const problem = await addWwid(host, wwid);
		if (problem === null) owned.set(wwid, "listed");
		else {
			// Not there, so not ours: whoever adds it by hand later owns the entry.
			owned.delete(wwid);
			refused.set(wwid, problem);
		}
	}
	const changed = changes.remove.length > 0 || refused.size < changes.add.length;
	return { owned, findings, refused, changed };
}

/** Null when it is listed now; else what the program said (the tools read the file back). */
async function addWwid({ tools }: Pick<Host, "tools">, wwid: string): Promise<string | null> {
	try {
		await tools.addWwid(wwid);
		return null;
	} catch (error) {
		if (error instanceof PathkeeperError && error.code === "PROCESS_FAILED") return messageOf(error);
		throw error;
	}
}

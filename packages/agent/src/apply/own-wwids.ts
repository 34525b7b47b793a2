import type { Host, Multipathd, MultipathTools } from "@pathkeeper/host";
import { type Finding, type KernelMap, PathkeeperError } from "@pathkeeper/model";
import type { Ledger, WwidEntry } from "./ledger.ts";

/** How the node's allow-list differs from the plan. */
export interface WwidChanges {
	readonly add: readonly string[];
	/** Entries we added that the plan no longer has, and whose map nobody uses. */
	readonly remove: readonly string[];
	/** Ledger entries as they are after looking at the file. */
	readonly owned: Readonly<Record<string, WwidEntry>>;
	readonly findings: readonly Finding[];
}

/**
 * Compares the wwids file with the plan. An entry that somebody else put there is never adopted and never removed.
 * An entry whose map is in use stays, whatever the plan says: un-listing an open map cuts its users off
 * (multipath-tools 0.12 and later reload it without paths).
 */
export async function compareWwids(input: {
	readonly tools: MultipathTools;
	readonly ledger: Ledger;
	readonly wanted: readonly string[];
	readonly withdrawn: ReadonlySet<string>;
	readonly kernelMaps: readonly KernelMap[];
}): Promise<WwidChanges> {
	const { ledger, withdrawn } = input;
	const listed = new Set(await input.tools.listedWwids());
	const wanted = new Set(input.wanted);
	const findings: Finding[] = [];
	const remove: string[] = [];
	const owned: Record<string, WwidEntry> = {};

	for (const [wwid, state] of Object.entries(ledger.wwids)) {
		if (listed.has(wwid)) owned[wwid] = "listed";
		else if (wanted.has(wwid)) owned[wwid] = "adding";
		if (wanted.has(wwid) || withdrawn.has(wwid)) {
			if (state === "listed" && !listed.has(wwid) && !withdrawn.has(wwid)) findings.push(driftFinding(wwid));
			continue;
		}
		if (!listed.has(wwid)) continue;
		const users = input.kernelMaps.filter((map) => map.wwid === wwid).flatMap((map) => map.users);
		if (users.length > 0) findings.push(heldFinding(wwid, users));
		else remove.push(wwid);
	}
	const add = [...wanted].filter((wwid) => !listed.has(wwid) && !withdrawn.has(wwid));
	return { add, remove, owned, findings };
}

function driftFinding(wwid: string): Finding {
	return {
		code: "drift-wwids",
		severity: "warning",
		subject: wwid,
		text: `${wwid} was taken out of /etc/multipath/wwids by hand and was put back; to give the LUN up, forget it`,
	};
}

function heldFinding(wwid: string, users: readonly string[]): Finding {
	return {
		code: "unlisted-in-use",
		severity: "error",
		subject: wwid,
		text: `LUN ${wwid} is no longer meant for this node but is in use here, so it keeps its map: ${users.join("; ")}`,
	};
}

/**
 * Takes entries out and adds others, one by one. A map goes before its entry does, and by multipathd, which refuses
 * when it is open: then entry and map stay. Entries that are not there after `multipath -a` are found by the read-back.
 */
export async function changeWwids(
	host: Pick<Host, "multipathd" | "tools">,
	changes: {
		readonly add: readonly string[];
		readonly remove: readonly string[];
		readonly kernelMaps: readonly KernelMap[];
		readonly owned: Readonly<Record<string, WwidEntry>>;
	},
): Promise<Pick<WwidChanges, "owned" | "findings">> {
	const findings: Finding[] = [];
	const owned = { ...changes.owned };
	for (const wwid of changes.remove) {
		const refusal = await removeMapOf(host.multipathd, wwid, changes.kernelMaps);
		if (refusal !== null) {
			findings.push(heldFinding(wwid, [refusal]));
			continue;
		}
		await host.tools.removeWwid(wwid);
		delete owned[wwid];
	}
	for (const wwid of changes.add) await addUnlessBlacklisted(host.tools, wwid);
	const listed = new Set(await host.tools.listedWwids());
	for (const wwid of changes.add) if (listed.has(wwid)) owned[wwid] = "listed";
	return { owned, findings };
}

/** What `multipath -a` did not take shows in the read-back, which looks for the rule that is in the way. */
async function addUnlessBlacklisted(tools: MultipathTools, wwid: string): Promise<void> {
	try {
		await tools.addWwid(wwid);
	} catch (error) {
		if (!(error instanceof PathkeeperError) || error.code !== "PROCESS_FAILED") throw error;
	}
}

/** Null when the map is gone or was never there, else why it stays. */
async function removeMapOf(
	multipathd: Multipathd,
	wwid: string,
	kernelMaps: readonly KernelMap[],
): Promise<string | null> {
	const map = kernelMaps.find((candidate) => candidate.wwid === wwid);
	if (map === undefined) return null;
	try {
		await multipathd.removeMap(map.name);
		return null;
	} catch (error) {
		if (error instanceof PathkeeperError && error.code === "MULTIPATHD_FAIL") return error.message;
		throw error;
	}
}

/**
 * The node's part of forgetting a LUN: see apply/remove-maps.ts for how map and entry go. Before anything is touched the
 * ledger says that the LUN is leaving, so that a node that is cut off here brings its map back when the LUN stays in
 * the fleet after all.
 */
import type { Host } from "@pathkeeper/host";
import { PathkeeperError } from "@pathkeeper/model";
import type { Ledger, LedgerFile, WwidEntry } from "../apply/ledger.ts";
import { mapsByWwid, removeMaps } from "../apply/remove-maps.ts";
import type { WorkCall } from "./work.ts";

/** Throws LUN_IN_USE, naming node and users, when anything stands on the LUN's map here. Changes nothing. */
export async function guardLun(host: Host, wwid: string): Promise<void> {
	const map = (await mapsByWwid(host)).get(wwid);
	if (map !== undefined && map.users.length > 0) throw inUse(host, wwid, map.users);
}

/**
 * Takes the LUN off this node: map, then allow-list entry. What Pathkeeper did not put there stays. Returns what was
 * done, in words. Throws LUN_IN_USE when it is used, and then map and entry are as they were.
 */
export async function withdrawLun(
	host: Host,
	ledgerFile: LedgerFile,
	wwid: string,
	{ onStep, onBegun }: Partial<Pick<WorkCall, "onStep" | "onBegun">> = {},
): Promise<string[]> {
	onStep?.();
	await guardLun(host, wwid);
	const ledger = await ledgerFile.read();
	const entry = ledger.wwids.get(wwid);
	if (entry === undefined) return [await notOurs(host, wwid)];
	onBegun?.();
	await ledgerFile.write(withEntry(ledger, wwid, "leaving"));
	const outcome = (await removeMaps(host, [wwid], onStep)).get(wwid) ?? { removed: [] };
	if ("stays" in outcome) {
		await ledgerFile.write(withEntry(ledger, wwid, entry));
		throw inUse(host, wwid, outcome.stays);
	}
	await ledgerFile.write(withEntry(ledger, wwid, null));
	return [
		...outcome.removed.map(({ name, dm }) => `${host.node}: map ${name} (${dm}) removed`),
		`${host.node}: ${wwid} taken out of the allow-list`,
	];
}

async function notOurs(host: Host, wwid: string): Promise<string> {
	const listed = (await host.tools.listedWwids()).includes(wwid);
	return listed
		? `${host.node}: the entry of ${wwid} in /etc/multipath/wwids was not made by Pathkeeper: entry and map stay`
		: `${host.node}: ${wwid} is not in the allow-list of this node`;
}

function withEntry(ledger: Ledger, wwid: string, entry: WwidEntry | null): Ledger {
	const wwids = new Map(ledger.wwids);
	if (entry === null) wwids.delete(wwid);
	else wwids.set(wwid, entry);
	return { ...ledger, wwids };
}

function inUse(host: Host, wwid: string, users: readonly string[]): PathkeeperError {
	return new PathkeeperError("LUN_IN_USE", { wwid, users: `${host.node}: ${users.join("; ")}` });
}

/** What is written down about a running guest, so that another process can reach it and a later one can clean up. */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeFolder, runFolder } from "../cache.ts";
import { isSuite, type Suite } from "../suites.ts";
import { isObjectOfNumbers, member, parseJson } from "../unknown-json.ts";
import { identityFrom, isAlive, killProcess, type ProcessIdentity } from "./process-identity.ts";

export interface GuestRecord {
	readonly name: string;
	readonly suite: Suite;
	/** QEMU. */
	readonly process: ProcessIdentity;
	/** The process whose end ends the guest; null for a guest that waits for `lab down`. */
	readonly owner: ProcessIdentity | null;
	/** Holds QEMU's and ssh's sockets; their paths must be short. */
	readonly sockets: string;
	/** Ports on this machine's loopback, by guest port. */
	readonly ports: Readonly<Record<string, number>>;
}

/** Names become folders and file names. */
export function isGuestName(name: string): boolean {
	return /^[a-z][a-z0-9-]{0,39}$/.test(name);
}

export function folderOf(name: string): string {
	return join(runFolder, name);
}

export function writeRecord(record: GuestRecord): void {
	const file = join(folderOf(record.name), "guest.json");
	writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, "\t")}\n`);
	renameSync(`${file}.new`, file);
}

/** The record of a guest, undefined when there is none or its QEMU is gone. */
export function readRecord(name: string): GuestRecord | undefined {
	const record = anyRecord(name);
	return record !== undefined && isAlive(record.process) ? record : undefined;
}

export function runningGuests(): readonly GuestRecord[] {
	if (!existsSync(runFolder)) return [];
	return readdirSync(runFolder).flatMap((name) => readRecord(name) ?? []);
}

/** Ends guests whose owner is gone and removes what ended guests left. */
export async function reap(): Promise<void> {
	if (!existsSync(runFolder)) return;
	for (const name of readdirSync(runFolder)) {
		const record = anyRecord(name);
		// Without a record it is either just starting or was interrupted then; its starter cleans up.
		if (record === undefined) continue;
		if (record.owner !== null && !isAlive(record.owner)) killProcess(record.process);
		if (!isAlive(record.process)) await forget(record);
	}
}

/** Removes the files of an ended guest. */
export async function forget(record: Pick<GuestRecord, "name" | "sockets">): Promise<void> {
	await removeFolder(record.sockets);
	await removeFolder(folderOf(record.name));
}

function anyRecord(name: string): GuestRecord | undefined {
	const file = join(folderOf(name), "guest.json");
	if (!existsSync(file)) return undefined;
	const record = parseJson(readFileSync(file, "utf8"));
	const suite = member(record, "suite");
	const sockets = member(record, "sockets");
	const ports = member(record, "ports");
	const process = identityFrom(member(record, "process"));
	if (typeof suite !== "string" || !isSuite(suite) || typeof sockets !== "string") return undefined;
	if (!isObjectOfNumbers(ports) || process === undefined) return undefined;
	return { name, suite, process, owner: identityFrom(member(record, "owner")) ?? null, sockets, ports };
}

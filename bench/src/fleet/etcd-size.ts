import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type EtcdProcess, gateway } from "../../../packages/store/test/etcd/etcd-process.ts";

/** What a store in etcd takes, and how much was written to it so far. */
export interface EtcdSize {
	/** Of the database, with what is not compacted yet, and of that what is in use. */
	readonly databaseMb: number;
	readonly inUseMb: number;
	/** All files of its data folder: database, log and snapshots. */
	readonly folderMb: number;
	/** Grows by one with every transaction that writes. */
	readonly revision: number;
}

export async function etcdSize(etcd: EtcdProcess): Promise<EtcdSize> {
	// The gateway writes 64-bit numbers as texts.
	const status = await gateway(etcd, "maintenance/status", {});
	return {
		databaseMb: numberAt(status, "dbSize") / 2 ** 20,
		inUseMb: numberAt(status, "dbSizeInUse") / 2 ** 20,
		folderMb: bytesBelow(join(etcd.folder, "data")) / 2 ** 20,
		revision: numberAt(status, "header", "revision"),
	};
}

function numberAt(value: unknown, ...keys: readonly string[]): number {
	const found = keys.reduce<unknown>(
		(at, key) => (at instanceof Object ? new Map(Object.entries(at)).get(key) : undefined),
		value,
	);
	return Number(found ?? Number.NaN);
}

function bytesBelow(folder: string): number {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

import { PathkeeperError } from "@pathkeeper/model";
import { afterEach, beforeEach } from "vitest";
import type { ChangeSet, Lease, Store, Write } from "../../src/store.ts";
import type { Bench } from "./bench.ts";

/** A bench for each test of a suite. */
export function benchPerTest<B extends Bench>(open: () => Promise<B>): () => B {
	let bench: B | null = null;
	beforeEach(async () => {
		bench = await open();
	});
	afterEach(async () => {
		await bench?.dispose();
		bench = null;
	});
	return () => {
		if (bench === null) throw new Error("there is a bench only while a test runs");
		return bench;
	};
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (value: Uint8Array): string => new TextDecoder().decode(value);

export function put(key: string, value: string, lease?: Lease): Write {
	return { op: "put", key, value: bytes(value), ...(lease ? { lease } : {}) };
}

export function remove(key: string): Write {
	return { op: "delete", key };
}

/** Writes without comparing; gives the revision. */
export async function write(store: Store, ...writes: readonly Write[]): Promise<bigint> {
	return (await store.txn({ writes })).revision;
}

/** Key → value, as a listing has them. */
export async function contents(store: Store, prefix = ""): Promise<Readonly<Record<string, string>>> {
	const { entries } = await store.list(prefix);
	return Object.fromEntries(entries.map(({ key, value }) => [key, text(value)]));
}

/** The code of the error that a promise is rejected with; fails when it is not. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof PathkeeperError) return error.code;
		throw error;
	}
	throw new Error("it was not refused");
}

/** A change set in one line: `5: a=1 -b`. */
export function told({ revision, changes }: ChangeSet): string {
	const all = changes.map((change) =>
		change.type === "put" ? `${change.entry.key}=${text(change.entry.value)}` : `-${change.key}`,
	);
	return `${revision}: ${all.join(" ")}`;
}

/** Takes the first change sets of a watch, then stops it. */
export async function take(
	store: Store,
	prefix: string,
	fromRevision: bigint,
	count: number,
): Promise<readonly ChangeSet[]> {
	const stop = new AbortController();
	const taken: ChangeSet[] = [];
	for await (const changeSet of store.watch(prefix, fromRevision, stop.signal)) {
		taken.push(changeSet);
		if (taken.length === count) stop.abort();
	}
	return taken;
}

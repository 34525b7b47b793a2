import { PathkeeperError, type Runtime } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Comparison, Lease, Store, TxnResult, Write } from "../../store.ts";
import { jsonDocument } from "../json-document.ts";
import { layout } from "../layout.ts";
import { watchPrefix } from "../watch-prefix.ts";

const document = jsonDocument(Type.Object({ holder: Type.String() }));

/**
 * A lock of the fleet that one process holds as long as it keeps its lease alive. What it writes through the lock
 * is written only while the lock is its own: who was cut off for a while and believes to hold it still cannot write
 * over its successor.
 */
export class HeldLock {
	readonly #store: Store;
	readonly #lease: Lease;
	readonly #mine: Comparison;

	private constructor(store: Store, lease: Lease, mine: Comparison) {
		this.#store = store;
		this.#lease = lease;
		this.#mine = mine;
	}

	/** Null: somebody else holds it. `holder` says who, for people. */
	static async take(store: Store, name: string, holder: string, ttlMs: number): Promise<HeldLock | null> {
		const key = layout.lock(name);
		if ((await store.get(key)) !== null) return null;
		const lease = await store.lease(ttlMs);
		try {
			const { succeeded, revision } = await store.txn({
				compare: [{ key, revision: null }],
				writes: [{ op: "put", key, value: document.encode({ holder }), lease }],
			});
			if (succeeded) return new HeldLock(store, lease, { key, revision });
		} catch (error) {
			await lease.revoke().catch(() => undefined); // It ends by itself; the first error says more.
			throw error;
		}
		await lease.revoke();
		return null;
	}

	/** Aborts when the lock is lost. */
	get lost(): AbortSignal {
		return this.#lease.lost;
	}

	get ttlMs(): number {
		return this.#lease.ttlMs;
	}

	/** Throws STORE_LEASE_LOST when it came too late. */
	async keepAlive(): Promise<void> {
		await this.#lease.keepAlive();
	}

	/** Writes while the lock is held; throws STORE_LEASE_LOST when it is not, and then nothing was written. */
	async write(writes: readonly Write[]): Promise<TxnResult> {
		const result = await this.#store.txn({ compare: [this.#mine], writes });
		if (result.succeeded) return result;
		throw new PathkeeperError("STORE_LEASE_LOST", { lease: this.#lease.id });
	}

	/** Gives it to whoever waits; when the store does not answer, it ends by itself. */
	async release(): Promise<void> {
		await this.#lease.revoke().catch(() => undefined);
	}
}

/** Who holds a lock, in the words they took it with; null: nobody does. */
export async function readLockHolder(store: Store, name: string): Promise<string | null> {
	const key = layout.lock(name);
	const entry = await store.get(key);
	return entry === null ? null : document.decode(key, entry.value).holder;
}

/** Resolves once nobody holds the lock. Rejects when the signal aborts, and throws what a watch throws. */
export async function untilLockFree(
	store: Store,
	name: string,
	runtime: Pick<Runtime, "monotonic" | "sleep">,
	signal: AbortSignal,
): Promise<void> {
	const key = layout.lock(name);
	for await (const { entries } of watchPrefix(store, key, { signal, runtime })) {
		if (!entries.some((entry) => entry.key === key)) return;
	}
}

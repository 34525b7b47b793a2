import type { Change, ChangeSet } from "../store.ts";
import type { EtcdKeys } from "./etcd-keys.ts";
import { type Event, Event_EventType } from "./wire/etcd_pb.js";

/**
 * Joins the events of a watch to whole transactions. etcd tells events in the order of their revisions, and never
 * breaks off inside a revision, but for fragments: a long answer comes in parts that all but the last are marked.
 */
export class ChangeJoiner {
	readonly #keys: EtcdKeys;
	#upTo: bigint;
	#held: { readonly revision: bigint; readonly changes: Change[] } | null = null;

	/** What happened up to revision `after` is known already. */
	constructor(keys: EtcdKeys, after: bigint) {
		this.#keys = keys;
		this.#upTo = after;
	}

	/** Everything up to this revision was given out: a new watch has to begin right behind it. */
	get upTo(): bigint {
		return this.#upTo;
	}

	/** The transactions that are complete with these events; `more`: the next answer goes on with the last one. */
	take(events: readonly Event[], more: boolean): readonly ChangeSet[] {
		const whole: ChangeSet[] = [];
		for (const { type, kv } of events) {
			if (kv === undefined || kv.modRevision <= this.#upTo) continue;
			const revision = kv.modRevision;
			if (this.#held?.revision !== revision) whole.push(...this.#complete());
			this.#held ??= { revision, changes: [] };
			const key = this.#keys.fromEtcd(kv.key);
			if (key === null) continue;
			if (type === Event_EventType.DELETE) this.#held.changes.push({ type: "delete", key, revision });
			else
				this.#held.changes.push({ type: "put", entry: { key, value: new Uint8Array(kv.value), revision } });
		}
		if (!more) whole.push(...this.#complete());
		return whole;
	}

	/** Nothing happened up to this revision beyond what was taken. */
	skipTo(revision: bigint): void {
		if (this.#held === null && revision > this.#upTo) this.#upTo = revision;
	}

	/** Forgets what has come of a transaction, when the rest will not come. */
	dropPart(): void {
		this.#held = null;
	}

	#complete(): readonly ChangeSet[] {
		const held = this.#held;
		this.#held = null;
		if (held === null) return [];
		this.#upTo = held.revision;
		return held.changes.length > 0 ? [held] : [];
	}
}

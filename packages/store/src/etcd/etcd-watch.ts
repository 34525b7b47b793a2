import { Code, ConnectError } from "@connectrpc/connect";
import { backoffMs, PathkeeperError, pause, type Runtime } from "@pathkeeper/model";
import type { ChangeSet } from "../store.ts";
import { ChangeJoiner } from "./change-joiner.ts";
import type { Cluster, Link } from "./cluster.ts";
import { compacted, failureIn, failureOf, problemOf, storeError, unavailable } from "./etcd-errors.ts";
import type { EtcdKeys } from "./etcd-keys.ts";
import type { WatchResponse } from "./wire/etcd_pb.js";

export interface EtcdWatch {
	readonly cluster: Cluster;
	readonly keys: EtcdKeys;
	readonly prefix: string;
	readonly fromRevision: bigint;
	/** Ends the watch. */
	readonly signal: AbortSignal;
	/** Aborts when the store is closed. */
	readonly closing: AbortSignal;
	readonly runtime: Runtime;
	/** How long a watch may be without a member that serves it, in milliseconds. */
	readonly resumeMs: number;
}

const pauses = { firstMs: 50, longestMs: 1000 };
const createMs = 5000;

/**
 * Watches a prefix over whatever member answers. A watch that breaks off goes on right behind the last transaction
 * that was given out. When no member serves it for `resumeMs`, it throws STORE_UNAVAILABLE, so that nobody takes
 * silence for peace.
 */
export async function* watchEtcd(watch: EtcdWatch): AsyncGenerator<ChangeSet, void, void> {
	const { cluster, keys, signal, closing } = watch;
	const joiner = new ChangeJoiner(keys, watch.fromRevision);
	const outage = new Outage(watch.resumeMs, watch.runtime);
	let clusterId: bigint | null = null;
	let tokenRenewed = false;
	while (!signal.aborted) {
		const stop = new AbortController();
		const end = () => stop.abort();
		for (const cause of [signal, closing]) cause.addEventListener("abort", end);
		if (signal.aborted || closing.aborted) end();
		const { endpoint } = cluster;
		let link: Link | null = null;
		try {
			link = await cluster.link(stop.signal);
			for await (const response of openWatch(watch, joiner.upTo, link, stop)) {
				outage.over();
				tokenRenewed = false;
				clusterId ??= response.header?.clusterId ?? null;
				// Another cluster's revisions mean nothing here: it was made anew from a copy, for example.
				if (response.header && response.header.clusterId !== clusterId) throw compacted(joiner.upTo);
				if (response.events.length === 0 && !response.created) joiner.skipTo(response.header?.revision ?? 0n);
				for (const changeSet of joiner.take(response.events, response.fragment)) {
					yield changeSet;
					if (signal.aborted) return;
				}
			}
			throw new ConnectError("the watch ended", Code.Unavailable);
		} catch (error) {
			if (signal.aborted) return;
			if (closing.aborted) throw unavailable("it is closed");
			if (error instanceof PathkeeperError && error.code !== "STORE_UNAVAILABLE") throw error;
			joiner.dropPart();
			const failure = failureOf(error);
			// A watch with a token that is no longer taken is denied like one with too few rights.
			if ((failure === "token" || failure === "denied") && link && !tokenRenewed && cluster.refuseToken(link))
				tokenRenewed = true;
			else {
				if (failure !== "unclear" && failure !== "not-done") throw storeError(endpoint.url, error);
				cluster.leave(endpoint);
			}
			if (outage.isTooLong()) throw unavailable(problemOf(endpoint.url, error));
		} finally {
			for (const cause of [signal, closing]) cause.removeEventListener("abort", end);
			stop.abort();
		}
		await outage.pause(signal, closing);
	}
}

/** Opens a watch behind a revision, at one member. The first response says that it stands and misses nothing. */
async function* openWatch(
	watch: EtcdWatch,
	after: bigint,
	{ services, headers }: Link,
	stop: AbortController,
): AsyncGenerator<WatchResponse, void, void> {
	const create = {
		...watch.keys.range(watch.prefix),
		startRevision: after < 0n ? 1n : after + 1n,
		progressNotify: true,
		fragment: true,
	};
	async function* requests() {
		yield { requestUnion: { case: "createRequest" as const, value: create } };
		await aborted(stop.signal);
	}
	const inTime = watch.runtime.schedule(createMs, () => stop.abort());
	try {
		for await (const response of services.watch.watch(requests(), { signal: stop.signal, headers })) {
			if (response.canceled) throw canceled(response, after);
			if (response.created) {
				await checkKept(watch, after);
				inTime();
			}
			yield response;
		}
	} finally {
		inTime();
	}
}

/**
 * etcd takes a watch from a revision that it has yet to reach, and one from the very revision that it is compacted
 * to, where deletions may be gone. Reading at the last known revision is refused in both cases.
 */
async function checkKept({ cluster, keys }: EtcdWatch, after: bigint): Promise<void> {
	const request = { key: keys.inEtcd("-"), revision: after, countOnly: true };
	const refusal = await cluster.repeat(async ({ kv }, sending) => {
		try {
			await kv.range(request, sending);
			return null;
		} catch (error) {
			const failure = failureOf(error);
			if (failure === "compacted" || failure === "future") return failure;
			throw error;
		}
	});
	if (refusal !== null) throw compacted(after);
}

function canceled({ compactRevision, cancelReason }: WatchResponse, after: bigint): Error {
	if (compactRevision > 0n) return compacted(after);
	const failure = failureIn(cancelReason);
	const code = failure === "denied" ? Code.PermissionDenied : Code.Unavailable;
	return new ConnectError(cancelReason || "etcd canceled the watch", code);
}

function aborted(signal: AbortSignal): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	signal.addEventListener("abort", () => resolve(), { once: true });
	if (signal.aborted) resolve();
	return promise;
}

/** Time since a watch was last served, and how long to wait for the next try. */
class Outage {
	readonly #longestMs: number;
	readonly #runtime: Runtime;
	#since: number | null = null;
	#failures = 0;

	constructor(longestMs: number, runtime: Runtime) {
		this.#longestMs = longestMs;
		this.#runtime = runtime;
	}

	over(): void {
		this.#since = null;
		this.#failures = 0;
	}

	isTooLong(): boolean {
		this.#since ??= this.#runtime.monotonic();
		return this.#runtime.monotonic() - this.#since > this.#longestMs;
	}

	async pause(signal: AbortSignal, closing: AbortSignal): Promise<void> {
		const ms = backoffMs(pauses, ++this.#failures);
		await pause(ms, this.#runtime, AbortSignal.any([signal, closing]));
	}
}

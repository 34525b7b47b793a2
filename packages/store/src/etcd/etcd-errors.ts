import { Code, ConnectError } from "@connectrpc/connect";
import { messageOf, PathkeeperError } from "@pathkeeper/model";

/**
 * What a failed call to etcd says of its request. The texts are etcd's, of `api/v3rpc/rpctypes/error.go`; they are
 * the same from 3.4 to 3.6, and its gRPC codes alone do not tell these cases apart.
 */
export type Failure =
	/** Nobody can say whether it was done. */
	| "unclear"
	/** It was surely not done; another member, or the same one soon, may do it. */
	| "not-done"
	/** The token is no longer taken; not done. */
	| "token"
	/** Not done, and trying again does not help. */
	| "compacted"
	| "future"
	| "lease-gone"
	| "too-large"
	| "full"
	| "denied"
	| "refused";

const known: readonly (readonly [RegExp, Failure])[] = [
	[/required revision has been compacted/, "compacted"],
	[/required revision is a future revision/, "future"],
	[/requested lease not found/, "lease-gone"],
	[/database space exceeded/, "full"],
	[/request is too large|too many operations in txn|received message larger than max/, "too-large"],
	[/invalid auth token|revision of auth store is old|user name is empty/, "token"],
	[/authentication failed|permission denied/, "denied"],
	// All are said before the request is proposed to the cluster.
	[/etcdserver: no leader|too many requests|not supported for learner/, "not-done"],
];

// Codes of answers that etcd gives on purpose; the others may come from a connection that broke, too.
const refusals: ReadonlySet<Code> = new Set([
	Code.InvalidArgument,
	Code.NotFound,
	Code.AlreadyExists,
	Code.PermissionDenied,
	Code.ResourceExhausted,
	Code.FailedPrecondition,
	Code.OutOfRange,
	Code.Unimplemented,
	Code.Unauthenticated,
]);

export function failureOf(error: unknown): Failure {
	if (error instanceof NotConnected) return "not-done";
	if (!(error instanceof ConnectError)) return "unclear";
	if (error.cause instanceof NotConnected) return "not-done";
	const failure = failureIn(error.rawMessage);
	return failure ?? (refusals.has(error.code) ? "refused" : "unclear");
}

/** The same, of a reason that etcd gives in words only. */
export function failureIn(reason: string): Failure | null {
	return known.find(([pattern]) => pattern.test(reason))?.[1] ?? null;
}

/** No connection came about, so nothing was sent. */
export class NotConnected extends Error {
	override readonly name = "NotConnected";
}

/** The error of the store for a call that failed at a member. */
export function storeError(url: string, error: unknown): PathkeeperError {
	if (error instanceof PathkeeperError) return error;
	const problem = problemOf(url, error);
	const options = { cause: error };
	const failure = failureOf(error);
	if (failure === "denied" || failure === "token")
		return new PathkeeperError("STORE_DENIED", { problem }, options);
	if (failure === "full") return new PathkeeperError("STORE_FULL", { problem }, options);
	if (failure === "too-large")
		return new PathkeeperError("STORE_LIMIT", { what: "a request", problem }, options);
	return new PathkeeperError("STORE_UNAVAILABLE", { problem }, options);
}

/** What went wrong, and where, in words. */
export function problemOf(url: string, error: unknown): string {
	if (error instanceof NotConnected) return error.message;
	return `${url}: ${error instanceof ConnectError ? error.rawMessage : messageOf(error)}`;
}

export function unavailable(problem: string): PathkeeperError {
	return new PathkeeperError("STORE_UNAVAILABLE", { problem });
}

export function compacted(revision: bigint): PathkeeperError {
	return new PathkeeperError("STORE_COMPACTED", { revision: String(revision) });
}

import { type ErrorCode, errorOfFailure, PathkeeperError, type TaskFailure } from "@pathkeeper/model";
import { isAboutCaller } from "../http/error-status.ts";

/** What became of a task on one node, as the server that asked for it knows it. */
export type NodeOutcome<R> = { readonly node: string } & (
	| { readonly kind: "done"; readonly upid: string; readonly result: R }
	/** The node's own reason why it did not do it, or not all of it. */
	| TaskFailure
	/** It was begun, and what it did is not known. */
	| { readonly kind: "lost"; readonly text: string }
	| Unreachable
);

/** Nobody on the node says what became of it. */
export interface Unreachable {
	readonly kind: "unreachable";
	/**
	 * `offline`: it was not asked, because it has no agent. `gone`: its agent vanished. `busy`: its agent is there and
	 * did not begin. `unfinished`: it goes on. `unreadable`: its answer is not in the form of the table.
	 */
	readonly why: "offline" | "gone" | "busy" | "unfinished" | "unreadable";
	readonly text: string;
}

/** The error for a task that was not done. */
export function errorOf<R>(outcome: Exclude<NodeOutcome<R>, { readonly kind: "done" }>): PathkeeperError {
	switch (outcome.kind) {
		case "refused":
		case "failed":
			return errorOfFailure(outcome, isBelieved);
		case "lost":
			return new PathkeeperError("TASK_LOST", { outcome: outcome.text });
		case "unreachable":
			return notAnswered(outcome.node, outcome);
	}
}

/** The error for what a node did not answer. */
export function notAnswered(node: string, { why, text }: Pick<Unreachable, "why" | "text">): PathkeeperError {
	const values = { node, problem: text };
	switch (why) {
		case "busy":
			return new PathkeeperError("NODE_BUSY", values, { retryAfterS: 5 });
		case "unfinished":
			return new PathkeeperError("NODE_NOT_DONE", values);
		case "unreadable":
			return new PathkeeperError("NODE_ANSWER_UNREADABLE", values);
		case "offline":
		case "gone":
			return new PathkeeperError("NODE_UNREACHABLE", values);
	}
}

/** A node does not say what the caller may do here, nor that this server is at fault. */
function isBelieved(code: ErrorCode): boolean {
	return code !== "BUG" && !isAboutCaller(code);
}

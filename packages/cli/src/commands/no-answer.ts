import { PathkeeperError } from "@pathkeeper/model";

/** True for a question about one node that the server does not answer: the other nodes are shown all the same. */
export function isNoAnswer(error: unknown): error is PathkeeperError {
	return error instanceof PathkeeperError && error.remote !== null && error.fault !== "input";
}

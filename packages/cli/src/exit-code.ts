import { PathkeeperError } from "@pathkeeper/model";

/** Exit code of a command that could not do what it was asked: 2 for wrong input as shells have it, else 1. */
export function exitCodeOf(error: unknown): number {
	return error instanceof PathkeeperError && error.fault === "input" ? 2 : 1;
}

import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { realRuntime } from "../../runtime/real-runtime.ts";

/** Something that was looked at, or why it could not be. */
export type Fact<T> =
	| { readonly known: true; readonly value: T }
	| { readonly known: false; readonly why: string };

/** Thrown by `known`: a check that needs the fact is unknown. */
export class NotKnown extends Error {}

/** The value of a fact. Throws NotKnown with the reason; `diagnose` makes an unknown of it. */
export function known<T>(fact: Fact<T>): T {
	if (fact.known) return fact.value;
	throw new NotKnown(fact.why);
}

/** Looks within a time. Never throws and never waits longer: a look that hangs is left behind. */
export async function factOf<T>(deadlineMs: number, look: () => Promise<T>): Promise<Fact<T>> {
	const answered = new AbortController();
	// A sleep keeps the process running, also when nothing else does.
	const late = realRuntime.sleep(deadlineMs, answered.signal).then(() => {
		throw new Error(`there was no answer within ${deadlineMs / 1000} s`);
	});
	try {
		return { known: true, value: await Promise.race([look(), late]) };
	} catch (error) {
		return { known: false, why: reasonOf(error) };
	} finally {
		late.catch(() => undefined);
		answered.abort();
	}
}

/** Why something is not known, in words; what only root may see is said so. */
export function reasonOf(error: unknown): string {
	if (error instanceof NotKnown) return error.message;
	const denied = [error, error instanceof Error ? error.cause : undefined].some(
		(each) => each instanceof Error && "code" in each && (each.code === "EACCES" || each.code === "EPERM"),
	);
	const message = error instanceof PathkeeperError ? error.message : messageOf(error);
	return denied ? `${message} (only root may; run this as root)` : message;
}

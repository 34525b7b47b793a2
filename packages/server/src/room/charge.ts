/** What a change is charged to. Taking power away has to be possible for whoever has spent everything else. */
import { holdsFor, isChange, isDoneWhenFull, type PathkeeperError, type Route } from "@pathkeeper/model";
import type { Caller } from "../http/caller.ts";
import type { BudgetKind, WriteBudget } from "./write-budget.ts";

/**
 * The measures that pay for a call, in the order in which they are tried; empty: it costs nothing. `parameters`: those
 * in the path; `all`: those that were checked.
 */
export function chargedTo(
	route: Route,
	{ parameters, all }: { readonly parameters: Readonly<Record<string, string>>; readonly all: unknown },
	caller: Pick<Caller, "rights" | "session">,
): readonly BudgetKind[] {
	if (!isChange(route)) return [];
	const usual = holdsFor(route, parameters, caller) ? "rights" : "own";
	if (!route.path.startsWith("/access/") || !isDoneWhenFull(route, all)) return [usual];
	if (isOnlyRemoval(route, all)) return [];
	// Somebody may do these again and again, and each leaves a record.
	return caller.session === null ? [usual] : ["sessions", usual];
}

/** True for what only takes away what was made by a change that was charged, or does nothing: so it has an end. */
function isOnlyRemoval({ method, path }: Route, all: unknown): boolean {
	const given = new Map(Object.entries(all instanceof Object ? all : {}));
	if (method === "DELETE") return path !== "/access/ticket";
	if (path === "/access/acl") return Boolean(given.get("delete"));
	// Disabled is what somebody was enabled for; with anything else it can be told apart from the last time.
	return (
		path === "/access/users/:userid" && [...given.keys()].every((name) => ["userid", "enable"].includes(name))
	);
}

/** Spends what a call costs; gives what takes it back when the call changed nothing. Throws WRITES_LIMITED. */
export function charge(budget: WriteBudget, user: string, kinds: readonly BudgetKind[]): () => void {
	let limited: PathkeeperError | null = null;
	for (const kind of kinds) {
		const spent = budget.trySpend(user, kind);
		if (typeof spent === "function") return spent;
		limited ??= spent;
	}
	if (limited !== null) throw limited;
	return () => undefined;
}

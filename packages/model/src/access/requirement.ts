/** What a caller needs for a route: the privilege that it names, on the path that it is about. */
import type { CheckedOn, Route } from "../api/route.ts";
import type { Holder, Rights } from "./acl.ts";
import { type AclPath, aclPathOf } from "./acl-path.ts";
import type { RightOnPath } from "./grant.ts";

/** Where a route's privilege is checked: as it says, else on the node or storage that its path begins with, else `/`. */
export function checkedOn(route: Route): CheckedOn {
	if (route.on !== undefined) return route.on;
	if (/^\/nodes\/:node(?:\/|$)/.test(route.path)) return "/nodes/:node";
	if (/^\/storage\/:storage(?:\/|$)/.test(route.path)) return "/storage/:storage";
	return "/";
}

/**
 * What a known caller lacks for a route; null when nothing. `parameters` are those named in the path, decoded and
 * not checked yet. Routes of privilege `none` and `login` ask for no right, and those checked on `each` leave it to their handler.
 */
export function lackedFor(
	route: Route,
	parameters: Readonly<Record<string, string>>,
	caller: { readonly holder: Holder; readonly rights: Rights },
): RightOnPath | null {
	const on = checkedOn(route);
	const { privilege } = route;
	if (privilege === "none" || privilege === "login" || on === "each") return null;
	if (route.self !== undefined && isInPerson(caller.holder, parameters[route.self])) return null;
	const path = pathOf(on, parameters);
	return caller.rights(path).has(privilege) ? null : { path, right: privilege };
}

/** True for who holds the privilege of a route on its path, on `/` for one checked on `each`: not only on themselves. */
export function holdsFor(
	route: Route,
	parameters: Readonly<Record<string, string>>,
	{ rights }: { readonly rights: Rights },
): boolean {
	const on = checkedOn(route);
	const { privilege } = route;
	if (privilege === "none" || privilege === "login") return false;
	return rights(on === "each" ? "/" : pathOf(on, parameters)).has(privilege);
}

/** True for that user with ticket or socket; a token is never its user, or it could make itself more of them. */
export function isInPerson(holder: Holder, user: string | undefined): boolean {
	return holder.token === null && holder.user === user;
}

function pathOf(on: Exclude<CheckedOn, "each">, parameters: Readonly<Record<string, string>>): AclPath {
	if (on === "/nodes/:node") return aclPathOf("nodes", parameters["node"] ?? "");
	if (on === "/storage/:storage") return aclPathOf("storage", parameters["storage"] ?? "");
	return on;
}

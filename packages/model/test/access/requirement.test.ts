import { Type } from "typebox";
import { describe, expect, test } from "vitest";
import { type Acl, rightsOf } from "../../src/access/acl.ts";
import { capabilitiesOf } from "../../src/access/capabilities.ts";
import { checkedOn, lackedFor } from "../../src/access/requirement.ts";
import * as accessRoutes from "../../src/api/access-routes.ts";
import { pathParameters, type Route } from "../../src/api/route.ts";
import { routes } from "../../src/api/routes.ts";

const all: readonly Route[] = [...new Set<Route>([...routes, ...Object.values(accessRoutes)])];

const acl: Acl = [
	{ path: "/nodes/n1", subject: "jane@local", role: "Auditor", propagate: true },
	{ path: "/storage", subject: "jane@local", role: "Operator", propagate: true },
];
const person = (user: string) => ({
	holder: { user, token: null },
	rights: rightsOf({ user, token: null }, acl),
});
const token = (user: string) => {
	const holder = { user, token: { name: "backup", separated: false } };
	return { holder, rights: rightsOf(holder, acl) };
};
const route = (path: Route["path"], more: Partial<Route> = {}): Route => ({
	method: "GET",
	path,
	privilege: "Sys.Audit",
	summary: "",
	parameters: Type.Object({}),
	result: Type.Null(),
	...more,
});

describe("a route", () => {
	test("about a node is checked on that node, one about a storage on that storage, others on the root", () => {
		expect(checkedOn(route("/nodes/:node/status"))).toBe("/nodes/:node");
		expect(checkedOn(route("/nodes/:node"))).toBe("/nodes/:node");
		expect(checkedOn(route("/storage/:storage"))).toBe("/storage/:storage");
		for (const path of [
			"/nodes",
			"/storage",
			"/cluster/status",
			"/nodes/:nodes/x",
			"/cluster/nodes/:node",
		] as const)
			expect(checkedOn(route(path))).toBe("/");
	});

	test("is checked elsewhere when it says so", () => {
		const on = "/storage/:storage";
		expect(checkedOn(route("/nodes/:node/storage/:storage", { on }))).toBe(on);
	});

	test.each(all.map((one) => [`${one.method} ${one.path}`, one] as const))(
		"%s names only parameters of its own path",
		(_, one) => {
			const named = [
				...(checkedOn(one).match(/:[a-z]+/g) ?? []),
				...(one.self === undefined ? [] : [`:${one.self}`]),
			];
			expect(pathParameters(one).map((name) => `:${name}`)).toEqual(expect.arrayContaining(named));
		},
	);
});

describe("a caller", () => {
	test("is let in where the privilege is held, and told what lacks elsewhere", () => {
		const one = route("/nodes/:node/status");
		expect(lackedFor(one, { node: "n1" }, person("jane@local"))).toBeNull();
		const lacked = { path: "/nodes/n2", right: "Sys.Audit" };
		expect(lackedFor(one, { node: "n2" }, person("jane@local"))).toEqual(lacked);
		expect(lackedFor(one, { node: "n1" }, person("joe@local"))).not.toBeNull();
		expect(lackedFor(route("/nodes"), {}, person("jane@local"))).toEqual({ path: "/", right: "Sys.Audit" });
	});

	test("cannot reach another path through the name of a node", () => {
		const one = route("/nodes/:node/status", { privilege: "Datastore.Audit" });
		for (const node of ["../storage/s1", "n1/../../storage", "", "*", "\u0000"])
			expect(lackedFor(one, { node }, person("jane@local"))).toEqual({
				path: "/nodes/*",
				right: "Datastore.Audit",
			});
	});

	test("needs no privilege for themselves in person, and a token is not its user", () => {
		const one = route("/access/users/:userid", { privilege: "Permissions.Modify", self: "userid" });
		expect(lackedFor(one, { userid: "jane@local" }, person("jane@local"))).toBeNull();
		expect(lackedFor(one, { userid: "joe@local" }, person("jane@local"))).not.toBeNull();
		expect(lackedFor(one, { userid: "jane@local" }, token("jane@local"))).not.toBeNull();
		expect(lackedFor(one, {}, person("jane@local"))).not.toBeNull();
	});
});

test("what a screen may offer is what is held anywhere in each part", () => {
	expect(capabilitiesOf(person("jane@local").rights, acl)).toEqual({
		dc: {},
		access: {},
		nodes: { "Sys.Audit": 1 },
		storage: { "Datastore.Audit": 1, "Datastore.Allocate": 1, "Datastore.AllocateSpace": 1 },
	});
	expect(capabilitiesOf(person("root@local").rights, acl)).toMatchObject({
		dc: { "Sys.Audit": 1, "Sys.Modify": 1 },
		access: { "Permissions.Modify": 1 },
	});
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	type Acl,
	type AclEntry,
	grantedRights,
	rightsOf,
	withEntries,
	withoutEntries,
} from "../../src/access/acl.ts";
import { type AclPath, representativePaths } from "../../src/access/acl-path.ts";
import { ownerOf, parseTokenId } from "../../src/access/auth-id.ts";
import { allRights, type Right, type RoleName, roles } from "../../src/access/roles.ts";
import { anyAcl, anyEntry, anyPath, anySubject } from "./any-acl.ts";

const jane = "jane@local";
const entry = (path: AclPath, role: RoleName, propagate = true, subject = jane): AclEntry => ({
	path,
	subject,
	role,
	propagate,
});
const of = (acl: Acl, path: AclPath, subject = jane) => [...grantedRights(subject, acl)(path)].sort();
const sorted = (role: RoleName) => [...roles[role]].sort();

describe("rights on a path", () => {
	test("are none without an entry", () => {
		expect(of([], "/")).toEqual([]);
		expect(of([entry("/", "Administrator", true, "joe@local")], "/")).toEqual([]);
	});

	test("come down to everything below from an entry that propagates", () => {
		const acl = [entry("/", "Operator")];
		for (const path of ["/", "/nodes", "/nodes/n1", "/storage/s1"] as const)
			expect(of(acl, path)).toEqual(sorted("Operator"));
	});

	test("stay on the path of an entry that does not propagate", () => {
		const acl = [entry("/nodes", "Auditor", false)];
		expect(of(acl, "/nodes")).toEqual(sorted("Auditor"));
		expect(of(acl, "/nodes/n1")).toEqual([]);
		expect(of(acl, "/")).toEqual([]);
	});

	test("are those of the deepest entry, be they more or less", () => {
		const acl = [entry("/", "Administrator"), entry("/storage/s1", "Auditor"), entry("/nodes", "NoAccess")];
		expect(of(acl, "/storage/s1")).toEqual(sorted("Auditor"));
		expect(of(acl, "/storage/s2")).toEqual(sorted("Administrator"));
		expect(of(acl, "/nodes/n1")).toEqual([]);
	});

	test("are inherited past a deeper entry that does not propagate", () => {
		const acl = [entry("/", "Operator"), entry("/nodes", "NoAccess", false)];
		expect(of(acl, "/nodes")).toEqual([]);
		expect(of(acl, "/nodes/n1")).toEqual(sorted("Operator"));
	});

	test("add up over the roles of one path, but NoAccess there leaves nothing", () => {
		const two = [entry("/", "Auditor"), entry("/", "Operator")];
		expect(of(two, "/nodes/n1")).toEqual(sorted("Operator"));
		expect(of([...two, entry("/", "NoAccess")], "/nodes/n1")).toEqual([]);
	});

	test("of one name are not those of another that begins alike", () => {
		const acl = [entry("/nodes/n1", "Operator")];
		expect(of(acl, "/nodes/n10")).toEqual([]);
		expect(of(acl, "/storage/n1")).toEqual([]);
	});

	test("do not depend on the order of entries", () => {
		fc.assert(
			fc.property(anyAcl, anySubject, anyPath, (acl, subject, path) => {
				expect(of(acl.toReversed(), path, subject)).toEqual(of(acl, path, subject));
			}),
		);
	});

	test("do not depend on the entries of others", () => {
		fc.assert(
			fc.property(anyAcl, anySubject, anyPath, (acl, subject, path) => {
				const own = acl.filter((one) => one.subject === subject);
				expect(of(own, path, subject)).toEqual(of(acl, path, subject));
			}),
		);
	});

	test("anywhere are those on a representative path", () => {
		fc.assert(
			fc.property(anyAcl, anySubject, anyPath, (acl, subject, path) => {
				const mentioned = acl.map((one) => one.path);
				const like =
					mentioned.includes(path) || !/^\/(nodes|storage)\/./.test(path)
						? path
						: (`${path.startsWith("/nodes/") ? "/nodes" : "/storage"}/*` as const);
				expect(representativePaths(mentioned)).toContain(like);
				expect(of(acl, path, subject)).toEqual(of(acl, like, subject));
			}),
		);
	});
});

describe("rights of a token", () => {
	const tokenOf = (subject: string, separated: boolean) => {
		const { user, token } = parseTokenId(subject) ?? { user: subject, token: "t1" };
		return { user, token: { name: token, separated } };
	};

	test("are never more than its user's, whatever its entries say", () => {
		fc.assert(
			fc.property(anyAcl, anySubject, anyPath, fc.boolean(), (acl, subject, path, separated) => {
				const user = ownerOf(subject) ?? "";
				const mine = rightsOf(tokenOf(subject, separated), acl)(path);
				expect(mine.isSubsetOf(rightsOf({ user, token: null }, acl)(path))).toBe(true);
			}),
		);
	});

	test("are what its entries and its user's have in common, when it is separated", () => {
		fc.assert(
			fc.property(anyAcl, anyPath, (acl, path) => {
				const both = grantedRights(
					jane,
					acl,
				)(path).intersection(grantedRights("jane@local!backup", acl)(path));
				const token = rightsOf({ user: jane, token: { name: "backup", separated: true } }, acl);
				expect(token(path)).toEqual(both);
			}),
		);
	});

	test("are its user's when it is not separated, and then its entries do nothing", () => {
		const acl = [entry("/", "Auditor"), entry("/", "NoAccess", true, "jane@local!backup")];
		const token = rightsOf({ user: jane, token: { name: "backup", separated: false } }, acl);
		expect([...token("/nodes/n1")].sort()).toEqual(sorted("Auditor"));
	});

	test("of root are bounded by its entries, too", () => {
		const acl = [entry("/nodes/n1", "Auditor", true, "root@local!watch")];
		const token = rightsOf({ user: "root@local", token: { name: "watch", separated: true } }, acl);
		expect([...token("/nodes/n1")].sort()).toEqual(sorted("Auditor"));
		expect(token("/").size).toBe(0);
	});
});

describe("root@local", () => {
	test("holds everything everywhere, whatever the entries say", () => {
		const acl = [
			entry("/", "NoAccess", true, "root@local"),
			entry("/nodes/n1", "Auditor", true, "root@local"),
		];
		const rights = rightsOf({ user: "root@local", token: null }, acl);
		for (const path of representativePaths(acl.map((one) => one.path)))
			expect(rights(path)).toEqual(allRights);
	});

	test("of another realm is nobody", () => {
		expect(rightsOf({ user: "root@pam", token: null }, [])("/").size).toBe(0);
	});
});

describe("a role", () => {
	test("holds what its name says", () => {
		const without = (role: RoleName) =>
			[...allRights].filter((right: Right) => !sorted(role).includes(right));
		expect(without("Administrator")).toEqual([]);
		expect(without("Operator")).toEqual(["Permissions.Modify"]);
		expect(sorted("Auditor")).toEqual(["Datastore.Audit", "Sys.Audit"]);
		expect(sorted("NoAccess")).toEqual([]);
	});
});

describe("a list of entries", () => {
	test("has an entry once, as it was given last, and not after it was taken away", () => {
		fc.assert(
			fc.property(anyAcl, anyEntry, (acl, one) => {
				const added = withEntries(acl, [one]);
				const same = ({ path, subject, role }: AclEntry) =>
					path === one.path && subject === one.subject && role === one.role;
				expect(added.filter(same)).toEqual([one]);
				expect(withoutEntries(added, [one]).filter(same)).toEqual([]);
				expect(withoutEntries(added, [one])).toEqual(acl.filter((other) => !same(other)));
			}),
		);
	});
});

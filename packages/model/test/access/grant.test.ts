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
import { excessGrant, lackedRight } from "../../src/access/grant.ts";
import { anyAcl, anyEntry, anyPath } from "./any-acl.ts";

const granter = { user: "joe@local", token: null };
const judge = (before: Acl, after: Acl, subject: string) =>
	excessGrant(before, after, rightsOf(granter, before), [subject]);
const give = (acl: Acl, entry: AclEntry) => judge(acl, withEntries(acl, [entry]), entry.subject);
const joe = (path: AclEntry["path"], role: AclEntry["role"], propagate = true): AclEntry => ({
	path,
	subject: "joe@local",
	role,
	propagate,
});
const jane = (path: AclEntry["path"], role: AclEntry["role"], propagate = true): AclEntry => ({
	path,
	subject: "jane@local",
	role,
	propagate,
});

describe("nobody gives what they do not have", () => {
	test("neither a role with more than their own", () => {
		expect(give([joe("/", "Operator")], jane("/nodes/n1", "Administrator"))).toEqual({
			path: "/nodes/n1",
			right: "Permissions.Modify",
		});
		expect(give([joe("/", "Operator")], jane("/nodes/n1", "Operator"))).toBeNull();
	});

	test("nor on a path below, where they were shut out", () => {
		const acl = [joe("/", "Administrator"), joe("/storage/s1", "NoAccess")];
		expect(give(acl, jane("/", "Auditor"))).toEqual({ path: "/storage/s1", right: "Sys.Audit" });
		expect(give(acl, jane("/nodes", "Auditor"))).toBeNull();
	});

	test("nor below an entry of theirs that does not propagate", () => {
		const acl = [joe("/storage", "Administrator", false)];
		expect(give(acl, jane("/storage", "Auditor", true))?.path).toBe("/storage/*");
		expect(give(acl, jane("/storage", "Auditor", false))).toBeNull();
	});

	test("nor by taking away what shut somebody out", () => {
		const shut = jane("/storage/s1", "NoAccess");
		const acl = [joe("/", "Administrator"), joe("/storage/s1", "NoAccess"), jane("/", "Operator"), shut];
		expect(judge(acl, withoutEntries(acl, [shut]), "jane@local")?.path).toBe("/storage/s1");
	});

	test("and may always take away what gives rights", () => {
		const acl = [joe("/", "Auditor"), jane("/", "Administrator")];
		expect(judge(acl, withoutEntries(acl, [jane("/", "Administrator")]), "jane@local")).toBeNull();
	});

	test("on any path, by any change of any list", () => {
		fc.assert(
			fc.property(anyAcl, anyEntry, fc.boolean(), anyPath, (acl, entry, adds, path) => {
				const after = adds ? withEntries(acl, [entry]) : withoutEntries(acl, [entry]);
				const gained = grantedRights(
					entry.subject,
					after,
				)(path).difference(grantedRights(entry.subject, acl)(path));
				const allowed = judge(acl, after, entry.subject) === null;
				const held = rightsOf(granter, acl)(path);
				if (allowed) expect(gained.isSubsetOf(held)).toBe(true);
			}),
			{ numRuns: 2000 },
		);
	});

	test("while a change that gives only what they have is not refused", () => {
		fc.assert(
			fc.property(anyAcl, anyEntry, (acl, entry) => {
				const refusal = give(acl, entry);
				if (refusal === null) return;
				const { path, right } = refusal;
				const after = withEntries(acl, [entry]);
				expect(grantedRights(entry.subject, after)(path).has(right)).toBe(true);
				expect(grantedRights(entry.subject, acl)(path).has(right)).toBe(false);
				expect(rightsOf(granter, acl)(path).has(right)).toBe(false);
			}),
			{ numRuns: 2000 },
		);
	});
});

test("somebody lacks nothing of their own rights, and root lacks nothing of anybody's", () => {
	fc.assert(
		fc.property(anyAcl, (acl) => {
			const rights = rightsOf(granter, acl);
			expect(lackedRight(rights, rights, acl)).toBeNull();
			expect(lackedRight(rights, rightsOf({ user: "root@local", token: null }, acl), acl)).toBeNull();
		}),
	);
});

import fc from "fast-check";
import type { Acl, AclEntry } from "../../src/access/acl.ts";
import type { AclPath } from "../../src/access/acl-path.ts";
import type { RoleName } from "../../src/access/roles.ts";

const names = ["n1", "n2", "s1", "Z.9_-"] as const;
const subjects = ["jane@local", "jane@local!backup", "joe@local", "joe@local!x1"] as const;

/** Any path of an entry, or of a node or storage that entries rarely name. */
export const anyPath: fc.Arbitrary<AclPath> = fc.oneof(
	fc.constantFrom<AclPath>("/", "/nodes", "/storage"),
	fc.constantFrom(...names).map((name): AclPath => `/nodes/${name}`),
	fc.constantFrom(...names).map((name): AclPath => `/storage/${name}`),
	fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/).map((name): AclPath => `/storage/${name}`),
);

const anyRole: fc.Arbitrary<RoleName> = fc.constantFrom<RoleName>(
	"Administrator",
	"Operator",
	"Auditor",
	"NoAccess",
);

export const anySubject = fc.constantFrom(...subjects);

export const anyEntry: fc.Arbitrary<AclEntry> = fc.record({
	path: anyPath,
	subject: anySubject,
	role: anyRole,
	propagate: fc.boolean(),
});

export const anyAcl: fc.Arbitrary<Acl> = fc.uniqueArray(anyEntry, {
	maxLength: 12,
	selector: ({ path, subject, role }) => `${path} ${subject} ${role}`,
});

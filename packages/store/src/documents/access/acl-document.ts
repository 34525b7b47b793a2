import { type Acl, PathkeeperError, parseAclPath, type RoleName } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Entry, Store } from "../../store.ts";
import { jsonDocument, unreadable } from "../json-document.ts";
import { accessLayout } from "./access-layout.ts";

const role = Type.Union([
	Type.Literal("Administrator"),
	Type.Literal("Operator"),
	Type.Literal("Auditor"),
	Type.Literal("NoAccess"),
] satisfies readonly { readonly const: RoleName }[]);

// One document, so that a change is judged on exactly the list that it replaces.
const document = jsonDocument(
	Type.Object({
		entries: Type.Array(
			Type.Object({
				path: Type.String(),
				subject: Type.String(),
				role,
				propagate: Type.Boolean(),
			}),
		),
	}),
	{ maxBytes: 8 * 1024 * 1024, maxValues: 500_000 },
);

/** All entries. Throws DOCUMENT_UNREADABLE when one is not understood: leaving out a NoAccess would let somebody in. */
export async function readAcl(store: Store): Promise<Acl> {
	return aclFrom(await store.get(accessLayout.acl));
}

/** The entries from their document; none when there is none. */
export function aclFrom(entry: Entry | null): Acl {
	if (entry === null) return [];
	return document.decode(entry.key, entry.value).entries.map((one) => {
		const path = parseAclPath(one.path);
		if (path === null) throw unreadable(entry.key, `'${one.path}' is not a path`);
		return { ...one, path };
	});
}

/** Throws what makes a document of entries unreadable, before it is written. */
export function encodeAcl(entries: Acl): Uint8Array {
	const wrong = entries.find(({ path }) => parseAclPath(path) !== path);
	if (wrong !== undefined)
		throw new PathkeeperError("BUG", { problem: `'${wrong.path}' is not the path of an entry` });
	return document.encode({ entries });
}

/** The list as text, a line an entry, in an order that does not depend on how it came about. */
export function aclText(acl: Acl): string {
	const lines = acl.map(({ path, subject, role, propagate }) => `${path} ${subject} ${role} ${propagate}\n`);
	return lines.sort().join("");
}

import { realRuntime } from "../../../../pathkeeper/src/runtime/real-runtime.ts";
import type { AccessEdit } from "../../../src/documents/access/change-access.ts";
import type { Author } from "../../../src/documents/audit.ts";
import { readAudit } from "../../../src/documents/read-audit.ts";
import type { Store } from "../../../src/store.ts";

const author: Author = { by: "root@local", from: "192.0.2.7", at: 1_700_000_000_000 };
export const edit: AccessEdit = { ...author, random: realRuntime };

/** What the audit says was done, oldest first. */
export async function audited(store: Store): Promise<readonly string[]> {
	const records = await readAudit(store, realRuntime, 100);
	return records.map(({ what, subject }) => `${what} ${subject}`).sort();
}

/** Everything that stands in the store, as text, packed documents included as far as they are text. */
export async function everythingIn(store: Store): Promise<string> {
	const { entries } = await store.list("");
	return entries.map(({ key, value }) => `${key} ${new TextDecoder().decode(value)}`).join("\n");
}

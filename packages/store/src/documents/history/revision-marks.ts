import { Type } from "typebox";
import type { Store, Write } from "../../store.ts";
import { jsonDocument } from "../json-document.ts";
import { historyLayout } from "./history-layout.ts";

const document = jsonDocument(
	Type.Array(Type.Object({ at: Type.Number(), revision: Type.String({ pattern: "^[0-9]{1,19}$" }) }), {
		maxItems: 1000,
	}),
);

/** Which revision the store had when (milliseconds since the epoch), oldest first, as whoever keeps the log left it. */
export async function readRevisionMarks(
	store: Store,
): Promise<readonly { readonly at: number; readonly revision: bigint }[]> {
	const entry = await store.get(historyLayout.marks);
	if (entry === null) return [];
	try {
		return document
			.decode(entry.key, entry.value)
			.map(({ at, revision }) => ({ at, revision: BigInt(revision) }));
	} catch {
		return []; // It only says what may be let go of already; it is written anew.
	}
}

export function revisionMarksWrite(
	marks: readonly { readonly at: number; readonly revision: bigint }[],
): Write {
	const value = document.encode(marks.map(({ at, revision }) => ({ at, revision: String(revision) })));
	return { op: "put", key: historyLayout.marks, value };
}

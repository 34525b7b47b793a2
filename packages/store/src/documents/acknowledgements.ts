import { createHash } from "node:crypto";
import { type Acknowledgement, PathkeeperError } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Entry, Store } from "../store.ts";
import type { Author } from "./audit.ts";
import { audited, type Recorded } from "./audited.ts";
import { jsonDocument } from "./json-document.ts";
import { below, layout } from "./layout.ts";

export interface StoredAcknowledgement extends Acknowledgement {
	readonly id: string;
}

const nullableText = Type.Union([Type.String(), Type.Null()]);
const document = jsonDocument(
	Type.Object({
		node: nullableText,
		code: Type.String(),
		subject: nullableText,
		text: Type.String(),
		reason: Type.String(),
		by: Type.String(),
		at: Type.Number(),
	}),
);

/** What to list or watch for `acknowledgementsFrom`. */
export const acknowledgementPrefix: string = layout.acknowledgements;

/**
 * Keeps one, in place of an earlier one of the same finding; gives its id. Nothing is written where the same author gave
 * the same reason already.
 */
export async function writeAcknowledgement(
	store: Store,
	finding: Pick<Acknowledgement, "node" | "code" | "subject" | "text" | "reason">,
	author: Author,
): Promise<string> {
	const { node, code, subject, text, reason } = finding;
	const id = createHash("sha1")
		.update(JSON.stringify([node, code, subject, text]))
		.digest("hex");
	const key = layout.acknowledgement(id);
	const entry = await store.get(key);
	const [kept] = entry === null ? [] : acknowledgementsFrom([entry]);
	if (kept !== undefined && kept.reason === reason && kept.by === author.by) return id;
	const value = document.encode({ node, code, subject, text, reason, by: author.by, at: author.at });
	await audited(store, {
		writes: [{ op: "put", key, value }],
		records: [recordOf(author, "finding.acknowledge", { ...finding, id }, reason)],
	});
	return id;
}

/** Throws NOT_FOUND when there is none of that id. */
export async function removeAcknowledgement(store: Store, id: string, author: Author): Promise<void> {
	const absent = () => new PathkeeperError("NOT_FOUND", { what: `acknowledgement '${id}'` });
	const found = (await readAcknowledgements(store)).find((other) => other.id === id);
	if (found === undefined) throw absent();
	const key = layout.acknowledgement(id);
	const entry = await store.get(key);
	if (entry === null) throw absent();
	await audited(store, {
		compare: [{ key, revision: entry.revision }],
		writes: [{ op: "delete", key }],
		records: [recordOf(author, "finding.reopen", found, found.reason)],
	});
}

export async function readAcknowledgements(store: Store): Promise<readonly StoredAcknowledgement[]> {
	return acknowledgementsFrom((await store.list(acknowledgementPrefix)).entries);
}

/** One that cannot be read acknowledges nothing, so that its finding is open. */
export function acknowledgementsFrom(entries: readonly Entry[]): readonly StoredAcknowledgement[] {
	return entries.flatMap(({ key, value }) => {
		const id = below(acknowledgementPrefix, key);
		if (id === null) return [];
		try {
			return [{ id, ...document.decode(key, value) }];
		} catch {
			return [];
		}
	});
}

function recordOf(
	author: Author,
	what: string,
	{ node, code, id }: Pick<StoredAcknowledgement, "node" | "code" | "id">,
	detail: string,
): Recorded {
	const subject = node === null ? code : `${code} on ${node}`;
	return { record: { ...author, what, subject, before: null, after: null, detail }, unique: id };
}

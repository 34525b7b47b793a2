import { createHash } from "node:crypto";
import { PathkeeperError } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Entry, Store, Write } from "../store.ts";
import type { Author } from "./audit.ts";
import { type AuditedChange, audited } from "./audited.ts";
import { checkText, jsonDocument, unreadable } from "./json-document.ts";
import { below, layout } from "./layout.ts";

export const configDocumentNames = ["multipath.cfg", "multipath-overrides.conf", "storage.cfg"] as const;
export type ConfigDocumentName = (typeof configDocumentNames)[number];

/** A document of the desired state, as it stands now. */
export interface ConfigDocument {
	readonly name: ConfigDocumentName;
	/** The raw text; empty when the document is missing. */
	readonly text: string;
	/** SHA-1 of the raw text in hex; empty when the document is missing. */
	readonly digest: string;
	/** Counts the writes of this document; 0: nobody ever wrote it, which is not the same as emptied. */
	readonly version: number;
	/** Who wrote it last, and when; null when nobody ever did. */
	readonly author: Author | null;
}

/** One version of a document that was kept, to show a change and to undo it. */
export interface ConfigVersion extends Author {
	readonly version: number;
	readonly digest: string;
	/** Null: this version took the document away. */
	readonly text: string | null;
}

export interface ConfigEdit extends Author {
	/** Digest that the caller based the change on; given and different: DIGEST_CONFLICT, and nothing changes. */
	readonly digest?: string;
}

/** How many versions of each document are kept. */
export const keptConfigVersions = 100;

const tries = 20;

// Packed, so that a document of the full size, its kept version and the audit record fit into one transaction.
const document = jsonDocument(
	Type.Object({
		version: Type.Integer({ minimum: 1 }),
		at: Type.Number(),
		by: Type.String(),
		from: Type.Union([Type.String(), Type.Null()]),
		text: Type.Union([Type.String(), Type.Null()]),
	}),
	{ maxBytes: 8 * 1024 * 1024, maxValues: 100 },
);

/** SHA-1 of a document's raw text in hex, as Proxmox VE's section config has it; empty for a missing document. */
export function digestOf(text: string | null): string {
	return text === null ? "" : createHash("sha1").update(text, "utf8").digest("hex");
}

/** Throws DOCUMENT_UNREADABLE when what is stored is damaged: a damaged document is never taken for an empty one. */
export async function readConfig(store: Store, name: ConfigDocumentName): Promise<ConfigDocument> {
	return configOf(name, await store.get(layout.config(name)));
}

/** All documents at one moment, from a listing or watch of `configPrefix`. */
export function configsFrom(entries: readonly Entry[]): ReadonlyMap<ConfigDocumentName, ConfigDocument> {
	const byKey = new Map(entries.map((entry) => [entry.key, entry]));
	return new Map(
		configDocumentNames.map((name) => [name, configOf(name, byKey.get(layout.config(name)) ?? null)]),
	);
}

/** What to watch for `configsFrom`. */
export const configPrefix: string = layout.configs;

/**
 * Replaces a document (null: takes it away), unless it already reads so. Keeps the version and an audit record in
 * the same transaction.
 */
export async function writeConfig(
	store: Store,
	name: ConfigDocumentName,
	text: string | null,
	edit: ConfigEdit,
): Promise<ConfigDocument> {
	return await replaceConfig(store, name, () => text, edit);
}

/**
 * Changes a document from what it is. `change` is called again when somebody else wrote meanwhile, so it has to give
 * the same for the same text and touch nothing else; what it throws is thrown and nothing changes.
 */
export async function editConfig(
	store: Store,
	name: ConfigDocumentName,
	change: (text: string) => string | null,
	edit: ConfigEdit,
): Promise<ConfigDocument> {
	const keepMissing = (before: ConfigDocument) => {
		const text = change(before.text);
		return before.digest === "" && text === "" ? null : text;
	};
	return await replaceConfig(store, name, keepMissing, edit);
}

async function replaceConfig(
	store: Store,
	name: ConfigDocumentName,
	textAfter: (before: ConfigDocument) => string | null,
	edit: ConfigEdit,
): Promise<ConfigDocument> {
	for (let n = 0; n < tries; n++) {
		const entry = await store.get(layout.config(name));
		const before = configOf(name, entry);
		if (edit.digest !== undefined && edit.digest !== before.digest) break;
		const text = textAfter(before);
		const after = nextVersion(before, text, edit);
		if (after.digest === before.digest) return before;
		const compare = [{ key: layout.config(name), revision: entry?.revision ?? null }];
		const { succeeded } = await audited(store, { compare, ...changeOf(before, after, text, edit) });
		if (succeeded) return after;
	}
	throw new PathkeeperError("DIGEST_CONFLICT");
}

/** The kept versions, newest first; the first is the document as it is now. */
export async function readConfigVersions(
	store: Store,
	name: ConfigDocumentName,
): Promise<readonly ConfigVersion[]> {
	const { entries } = await store.list(layout.configVersions(name));
	return entries
		.map(({ key, value }) => {
			const kept = document.decode(key, value);
			if (below(layout.configVersion(name, kept.version), key) !== "")
				throw unreadable(key, `it says to be version ${kept.version}`);
			return { ...kept, digest: digestOf(kept.text) };
		})
		.reverse();
}

function configOf(name: ConfigDocumentName, entry: Entry | null): ConfigDocument {
	if (entry === null) return { name, text: "", digest: "", version: 0, author: null };
	const { version, at, by, from, text } = document.decode(entry.key, entry.value);
	return { name, text: text ?? "", digest: digestOf(text), version, author: { at, by, from } };
}

function nextVersion(before: ConfigDocument, text: string | null, { at, by, from }: Author): ConfigDocument {
	if (text !== null) checkText(before.name, text);
	return {
		name: before.name,
		text: text ?? "",
		digest: digestOf(text),
		version: before.version + 1,
		author: { at, by, from },
	};
}

function changeOf(
	before: ConfigDocument,
	after: ConfigDocument,
	text: string | null,
	{ by, from, at }: Author,
): Pick<AuditedChange, "writes" | "records"> {
	const { name, version } = after;
	const author = { at, by, from };
	const value = document.encode({ version, ...author, text });
	const outdated = version - keptConfigVersions;
	const record = {
		...author,
		what: "config.write",
		subject: name,
		before: before.digest,
		after: after.digest,
	};
	const writes: readonly Write[] = [
		{ op: "put", key: layout.config(name), value },
		{ op: "put", key: layout.configVersion(name, version), value },
		...(outdated > 0 ? [{ op: "delete", key: layout.configVersion(name, outdated) } as const] : []),
	];
	return { writes, records: [{ record, unique: `${name}-${version}` }] };
}

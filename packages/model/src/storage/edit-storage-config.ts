/**
 * Edits of `storage.cfg`: text in, text out; every line that an edit does not name keeps its bytes. They throw
 * PARAMETER_INVALID with a message for each property at fault, and then nothing of the edit is done.
 */
import type { SectionChange } from "../config/edit-fleet-config.ts";
import { PathkeeperError } from "../errors.ts";
import {
	type ConfigSection,
	printSectionConfig,
	type SectionConfigDocument,
} from "../section-config/document.ts";
import { addSection, changeSectionKeys, removeSections } from "../section-config/edit.ts";
import { parseSectionConfig } from "../section-config/parse.ts";
import { checkProperty } from "./check-property.ts";
import { isSecretByName, secretsElsewhere } from "./secret-property.ts";
import { findStorage, propertyOf, readStorageConfig, type Storage } from "./storage-config.ts";
import { isStorageId } from "./storage-names.ts";
import type { StorageType } from "./storage-type.ts";
import { parseVolumeId } from "./volume-id.ts";

const notKnown = "property is not defined in schema and the schema does not allow additional properties";
const missing = "property is missing and it is not optional";

/** Adds a storage. Errors: PARAMETER_INVALID, STORAGE_DEFINED, STORAGE_ABSENT (its base). */
export function addStorage(
	text: string,
	types: readonly StorageType[],
	id: string,
	typeName: string,
	set: Readonly<Record<string, string>>,
): string {
	const type = types.find((known) => known.type === typeName);
	const doc = parseSectionConfig(text);
	const fields = new Map<string, string>();
	if (!isStorageId(id))
		fields.set("storage", `invalid format - storage ID '${id.slice(0, 80)}' contains illegal characters`);
	if (type === undefined) {
		const choices = types.map((known) => known.type).join(", ");
		fields.set(
			"type",
			`value '${typeName.slice(0, 80)}' does not have a value in the enumeration '${choices}'`,
		);
	}
	throwFields(fields);
	if (type === undefined) return text;
	if (sectionsOf(doc, id).length > 0) throw new PathkeeperError("STORAGE_DEFINED", { storage: id });
	const entries = checkedEntries(type, set, new Set());
	for (const [key, option] of Object.entries(type.options))
		if (option.optional !== true && !Object.hasOwn(set, key)) fields.set(key, missing);
	throwFields(fields);
	const ordered = entries.toSorted(([a], [b]) => order(type, a) - order(type, b) || (a < b ? -1 : 1));
	const added = printSectionConfig(addSection(doc, { type: typeName, id }, ordered));
	checkBase(added, types, id);
	return added;
}

/** Changes a storage. What is fixed stays. Errors: PARAMETER_INVALID, STORAGE_ABSENT. */
export function updateStorage(
	text: string,
	types: readonly StorageType[],
	id: string,
	change: SectionChange,
): string {
	const doc = parseSectionConfig(text);
	const section = sectionsOf(doc, id).at(-1);
	if (section === undefined) throw absent(id);
	const type = types.find((known) => known.type === section.type);
	if (type === undefined)
		throw new PathkeeperError("STORAGE_TYPE_UNKNOWN", { storage: id, type: section.type });
	const fields = new Map<string, string>();
	const set = new Map(Object.entries(change.set ?? {}));
	const present = new Map(section.properties.map(({ key, value }) => [key, value]));
	for (const key of set.keys()) if (type.options[key]?.fixed === true) fields.set(key, notKnown);
	for (const key of change.delete ?? []) {
		const option = Object.hasOwn(type.options, key) ? type.options[key] : undefined;
		if (set.has(key))
			fields.set(key, `cannot set and delete property '${key.slice(0, 80)}' at the same time!`);
		else if (option === undefined && !present.has(key))
			fields.set(key, `no such option '${key.slice(0, 80)}'`);
		else if (option !== undefined && option.optional !== true)
			fields.set(key, `unable to delete required option '${key}'`);
		else if (option?.fixed === true) fields.set(key, `unable to delete fixed option '${key}'`);
	}
	const entries = checkedEntries(type, Object.fromEntries(set), new Set(fields.keys()), fields);
	const name = { type: section.type, id: section.id };
	const keys = { set: entries, ...(change.delete === undefined ? {} : { delete: change.delete }) };
	return printSectionConfig(changeSectionKeys(doc, name, keys));
}

/** Takes a storage out of the text, unless another one stands on it. Errors: STORAGE_ABSENT, STORAGE_IS_BASE. */
export function removeStorage(text: string, types: readonly StorageType[], id: string): string {
	const doc = parseSectionConfig(text);
	const section = sectionsOf(doc, id).at(-1);
	if (section === undefined) throw absent(id);
	const users = storagesOnBase(text, types, id);
	if (users.length > 0)
		throw new PathkeeperError("STORAGE_IS_BASE", { storage: id, users: users.join(", ") });
	const all = new Set(sectionsOf(doc, id));
	return printSectionConfig(removeSections(doc, (other) => all.has(other)));
}

/**
 * Ids of the storages whose base is a volume of this one. Sections that have no effect count too: they may be mended
 * tomorrow, or be known to a newer node.
 */
export function storagesOnBase(text: string, types: readonly StorageType[], id: string): readonly string[] {
	const named = parseSectionConfig(text).sections.filter((section) =>
		section.properties.some(
			({ key, value }) =>
				key === "base" && parseVolumeId(value ?? "")?.storage.toLowerCase() === id.toLowerCase(),
		),
	);
	const read = readStorageConfig(text, types).storages.filter(
		(storage) => baseOf(storage)?.storage.toLowerCase() === id.toLowerCase(),
	);
	return [...new Set([...named, ...read].map((section) => section.id))];
}

/** Ids of the storages whose base is a LUN, whatever storage shows it; sections that have no effect count too. */
export function storagesOnLun(text: string, wwid: string): readonly string[] {
	return storagesByLun(text).get(wwid) ?? [];
}

/** Ids of the storages that stand on LUNs, by WWID; sections that have no effect count too. */
export function storagesByLun(text: string): ReadonlyMap<string, readonly string[]> {
	const found = new Map<string, Set<string>>();
	for (const { id, properties } of parseSectionConfig(text).sections)
		for (const { key, value } of properties) {
			const wwid = key === "base" ? parseVolumeId(value ?? "")?.volname : undefined;
			if (wwid !== undefined) found.set(wwid, (found.get(wwid) ?? new Set()).add(id));
		}
	return new Map([...found].map(([wwid, ids]) => [wwid, [...ids]]));
}

/** The volume that a storage stands on; null when it has none. */
export function baseOf(storage: Storage): { readonly storage: string; readonly volname: string } | null {
	return parseVolumeId(storage.values["base"] ?? "");
}

function checkBase(text: string, types: readonly StorageType[], id: string): void {
	const config = readStorageConfig(text, types);
	const storage = findStorage(config, id);
	const base = storage === null ? null : baseOf(storage);
	if (base === null) return;
	const found = findStorage(config, base.storage);
	if (found === null || found.id.toLowerCase() === id.toLowerCase())
		throw new PathkeeperError("BASE_ABSENT", { storage: base.storage });
	const type = types.find((known) => known.type === found.type);
	if (type?.selectExisting !== true)
		throw new PathkeeperError("BASE_UNSUPPORTED", { type: found.type, storage: found.id });
}

function checkedEntries(
	type: StorageType,
	set: Readonly<Record<string, string>>,
	skip: ReadonlySet<string>,
	fields = new Map<string, string>(),
): readonly (readonly [string, string])[] {
	const entries: [string, string][] = [];
	for (const [key, text] of Object.entries(set)) {
		if (skip.has(key)) continue;
		const property = propertyOf(type, key);
		const checked = property === null ? { problem: notKnown } : checkProperty(property, text, type);
		if ("problem" in checked) fields.set(key, checked.problem);
		else if (type.sensitive.includes(key) || isSecretByName(key))
			fields.set(key, `is secret and must not be in storage.cfg; ${secretsElsewhere}`);
		else entries.push([key, checked.value]);
	}
	throwFields(fields);
	return entries;
}

/** What a type needs stands first. */
function order(type: StorageType, key: string): number {
	return type.options[key]?.optional === true ? 1 : 0;
}

function sectionsOf(doc: SectionConfigDocument, id: string): readonly ConfigSection[] {
	return doc.sections.filter((section) => section.id.toLowerCase() === id.toLowerCase());
}

function absent(id: string): PathkeeperError {
	return new PathkeeperError("STORAGE_ABSENT", { storage: id.slice(0, 100) });
}

function throwFields(fields: ReadonlyMap<string, string>): void {
	if (fields.size > 0) throw new PathkeeperError("PARAMETER_INVALID", { fields: Object.fromEntries(fields) });
}

import { splitList } from "../config/lun-properties.ts";
import { checkSections, flagOf, type SectionTypes } from "../section-config/check.ts";
import type { ConfigProperty, ConfigSection, SectionConfigProblem } from "../section-config/document.ts";
import { parseSectionConfig } from "../section-config/parse.ts";
import { checkProperty } from "./check-property.ts";
import { isStorageId } from "./storage-names.ts";
import {
	type ContentType,
	commonProperties,
	contentTypes,
	type StorageProperty,
	type StorageType,
} from "./storage-type.ts";

/** One storage of `storage.cfg`, with every value checked. */
export interface Storage {
	readonly id: string;
	readonly type: string;
	/** Nodes that have it; null: all. */
	readonly nodes: readonly string[] | null;
	readonly content: readonly ContentType[];
	readonly disabled: boolean;
	readonly shared: boolean;
	/** Every sound property that was set, as text; flags are `1` or `0`. */
	readonly values: Readonly<Record<string, string>>;
}

export interface StorageConfig {
	/** In the order of the text. */
	readonly storages: readonly Storage[];
	/** What has no effect, and why. Storages of these keep out nothing but themselves. */
	readonly problems: readonly SectionConfigProblem[];
}

/** The property of a name as a type takes it; null when it does not. */
export function propertyOf(type: StorageType, name: string): StorageProperty | null {
	if (!Object.hasOwn(type.options, name)) return null;
	const own = Object.hasOwn(type.properties, name) ? type.properties[name] : undefined;
	return own ?? (Object.hasOwn(commonProperties, name) ? (commonProperties[name] ?? null) : null);
}

/**
 * The typed view of `storage.cfg`. A bad value leaves out its key, or takes it for set where that is the careful
 * reading; a missing needed one, an id that is none, or a type
 * that nobody knows leaves out the storage; nothing else goes with them, and the text keeps all of it. Never throws.
 */
export function readStorageConfig(text: string, types: readonly StorageType[]): StorageConfig {
	const doc = parseSectionConfig(text);
	const problems = [...checkSections(doc, sectionTypes(types))];
	const last = new Map(doc.sections.map((section) => [section.id.toLowerCase(), section]));
	const storages = doc.sections.flatMap((section) => {
		const type = types.find((known) => known.type === section.type);
		if (type === undefined) return [];
		if (!isStorageId(section.id)) {
			problems.push(atSection(section, `'${section.id.slice(0, 80)}' is not a storage ID; it has no effect`));
			return [];
		}
		if (last.get(section.id.toLowerCase()) !== section) {
			problems.push(
				atSection(section, `storage '${section.id}' appears more than once; the last one is used`),
			);
			return [];
		}
		return storageOf(section, type, problems);
	});
	return { storages, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/**
 * Ids and types of the sections that give no storage: of a type that nobody knows, without what they need, or under an
 * id that is none. Each id once, and none that another section makes a storage of.
 */
export function leftOutStorages(
	text: string,
	{ storages }: Pick<StorageConfig, "storages">,
): readonly { readonly id: string; readonly type: string }[] {
	const known = new Set(storages.map(({ id }) => id.toLowerCase()));
	return parseSectionConfig(text)
		.sections.toReversed()
		.filter(({ id }) => !known.has(id.toLowerCase()) && known.add(id.toLowerCase()))
		.toReversed()
		.map(({ id, type }) => ({ id, type }));
}

/** Whether a node has the storage and may use it. */
export function isEnabledOn(storage: Storage, node: string): boolean {
	return !storage.disabled && (storage.nodes === null || storage.nodes.includes(node));
}

/** Null for a storage that is not there; ids are compared without regard to case. */
export function findStorage(config: Pick<StorageConfig, "storages">, id: string): Storage | null {
	return config.storages.find((storage) => storage.id.toLowerCase() === id.toLowerCase()) ?? null;
}

export function isSet(storage: Storage, flag: string): boolean {
	return Object.hasOwn(storage.values, flag) && flagOf(storage.values[flag] ?? "") === true;
}

function storageOf(section: ConfigSection, type: StorageType, problems: SectionConfigProblem[]): Storage[] {
	const values = new Map<string, string>();
	for (const property of firsts(section)) {
		const known = propertyOf(type, property.key);
		if (known === null) continue;
		const checked = checkProperty(known, property.value, type);
		if ("value" in checked) values.set(property.key, checked.value);
		else if (isCareful(property.key)) {
			values.set(property.key, "1");
			problems.push(atProperty(property, `${property.key}: ${checked.problem}; it counts as set`));
		} else problems.push(atProperty(property, `${property.key}: ${checked.problem}; it has no effect`));
	}
	const missing = Object.entries(type.options).find(
		([key, { optional }]) => optional !== true && !values.has(key),
	);
	if (missing !== undefined) {
		problems.push(
			atSection(section, `storage '${section.id}' has no effect: it needs a valid '${missing[0]}'`),
		);
		return [];
	}
	// A restriction that cannot be read must not widen to all nodes.
	const nodes = firsts(section).some(({ key }) => key === "nodes")
		? splitList(values.get("nodes") ?? "")
		: null;
	const content = values.get("content");
	return [
		{
			id: section.id,
			type: section.type,
			nodes,
			content:
				content === undefined
					? type.content.default
					: contentTypes.filter((word) => splitList(content).includes(word)),
			disabled: values.get("disable") === "1",
			shared: type.alwaysShared || values.get("shared") === "1",
			values: Object.fromEntries(values),
		},
	];
}

function sectionTypes(types: readonly StorageType[]): SectionTypes {
	return Object.fromEntries(
		types.map((type) => [
			type.type,
			Object.fromEntries(
				Object.keys(type.options).map((key) => [
					key,
					propertyOf(type, key)?.kind === "flag" || isCareful(key) ? ("flag" as const) : ("text" as const),
				]),
			),
		]),
	);
}

/**
 * Flags that keep something from being done, or from being done carelessly: somebody wrote them down for that, so one
 * that cannot be read counts as set.
 */
function isCareful(key: string): boolean {
	return ["disable", "is_mountpoint", "saferemove", "shared", "tagged_only"].includes(key);
}

/** The first property of each key: the one that counts. */
function firsts(section: ConfigSection): readonly ConfigProperty[] {
	const seen = new Set<string>();
	return section.properties.filter(({ key }) => !seen.has(key) && seen.add(key));
}

function atSection(section: ConfigSection, text: string): SectionConfigProblem {
	return { line: section.from + 1, column: 1, severity: "error", text };
}

function atProperty(property: ConfigProperty, text: string): SectionConfigProblem {
	return { line: property.line + 1, column: property.valueColumn, severity: "error", text };
}

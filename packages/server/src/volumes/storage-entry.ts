import {
	isSecretByName,
	parseSectionConfig,
	propertyOf,
	type SectionConfigProblem,
	type Storage,
	type StorageType,
} from "@pathkeeper/model";
import { located } from "../documents/problems.ts";
import { flag } from "../http/flag.ts";
import type { KnownType } from "./known-types.ts";

/**
 * A storage as `/storage` shows it: flags and numbers as numbers, lists comma-joined, and what of its section could not
 * be understood.
 */
export function storageEntry(
	storage: Storage,
	types: readonly StorageType[],
	digest: string,
	problems: readonly string[],
) {
	const type = types.find((known) => known.type === storage.type);
	// One that was written by hand is not shown to everybody who may see the storage.
	const open = Object.entries(storage.values).filter(
		([name]) => !(type?.sensitive.includes(name) ?? false) && !isSecretByName(name),
	);
	const values = open.map(([name, text]) => {
		const kind = type === undefined ? null : propertyOf(type, name)?.kind;
		return [name, kind === "flag" || kind === "integer" ? Number(text) : text];
	});
	return {
		...Object.fromEntries(values),
		...(storage.shared ? { shared: flag(true) } : {}),
		storage: storage.id,
		type: storage.type,
		content: storage.content.join(","),
		digest,
		...(problems.length === 0 ? {} : { problems: [...problems] }),
	};
}

/** A type as `/cluster/storage-types` shows it. */
export function typeEntry({ definition, nodes, problem }: KnownType) {
	const { content, format, sensitive, properties, options } = definition;
	return {
		...definition,
		content: { valid: [...content.valid], default: [...content.default] },
		format: { valid: [...format.valid], default: format.default },
		sensitive: [...sensitive],
		properties: Object.fromEntries(
			Object.entries(properties).map(([name, { oneOf, ...property }]) => [
				name,
				{ ...property, ...(oneOf === undefined ? {} : { oneOf: [...oneOf] }) },
			]),
		),
		options: { ...options },
		nodes: nodes === null ? null : [...nodes],
		...(problem === null ? {} : { problem }),
	};
}

/** A section that gives no storage, as `/storage` shows it: nobody can use it, and its problems say why. */
export function leftOutEntry(
	{ id, type }: { readonly id: string; readonly type: string },
	digest: string,
	problems: readonly string[],
) {
	return { storage: id, type, content: "none", digest, left_out: flag(true), problems: [...problems] };
}

/** The problems that stand in the sections of a storage, by its id in lower case. */
export function problemsById(
	text: string,
	problems: readonly SectionConfigProblem[],
): ReadonlyMap<string, readonly string[]> {
	const { sections } = parseSectionConfig(text);
	const found = problems.flatMap((problem) => {
		const section = sections.find(({ from, to }) => problem.line > from && problem.line <= to);
		return section === undefined ? [] : [{ id: section.id.toLowerCase(), problem }];
	});
	const groups = [...Map.groupBy(found, ({ id }) => id)];
	return new Map(groups.map(([id, all]) => [id, all.map(({ problem }) => located("storage.cfg", problem))]));
}

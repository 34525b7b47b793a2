import { builtInTypes, type StorageType } from "@pathkeeper/model";
import { readNodes, type Store } from "@pathkeeper/store";

/** A type that a storage can be of, and where. */
export interface KnownType {
	readonly definition: StorageType;
	/** Nodes that have its plugin; null: it is built in. */
	readonly nodes: readonly string[] | null;
	/** Why nothing can be of this type now; null when it can. */
	readonly problem: string | null;
}

/**
 * The built-in types, and those of plugins on the nodes that are there, by name. A name that means different things on
 * two nodes, or a property that two types claim, means nothing until somebody mends that.
 */
export async function knownTypes(store: Store): Promise<readonly KnownType[]> {
	const offers = (await readNodes(store)).flatMap(({ node, member }) =>
		(member?.storageTypes ?? []).map((definition) => ({ node, definition })),
	);
	const ours = builtInTypes.map((definition): KnownType => ({ definition, nodes: null, problem: null }));
	const theirs: KnownType[] = [];
	for (const [name, same] of Map.groupBy(offers, ({ definition }) => definition.type)) {
		const [first] = same;
		if (first === undefined || ours.some(({ definition }) => definition.type === name)) continue;
		const { definition } = first;
		const nodes = same.map(({ node }) => node);
		const problem = differing(same) ?? claimed(definition, [...ours, ...theirs]);
		theirs.push({ definition, nodes, problem });
	}
	return [...ours, ...theirs.sort((a, b) => (a.definition.type < b.definition.type ? -1 : 1))];
}

/** Definitions of the types that a storage can be of now. */
export async function usableTypes(store: Store): Promise<readonly StorageType[]> {
	return (await knownTypes(store)).flatMap(({ definition, problem }) =>
		problem === null ? [definition] : [],
	);
}

function differing(
	offers: readonly { readonly node: string; readonly definition: StorageType }[],
): string | null {
	const kinds = [...Map.groupBy(offers, ({ definition }) => JSON.stringify(definition)).values()];
	if (kinds.length < 2) return null;
	const groups = kinds.map((same) => same.map(({ node }) => node).join(", "));
	return `its plugin is not the same on every node: one on ${groups.join("; another on ")}. Install one of them everywhere`;
}

function claimed({ properties }: StorageType, others: readonly KnownType[]): string | null {
	for (const name of Object.keys(properties)) {
		const owner = others.find(({ definition }) => Object.hasOwn(definition.properties, name));
		if (owner !== undefined)
			return `its property '${name}' belongs to type '${owner.definition.type}' already`;
	}
	return null;
}

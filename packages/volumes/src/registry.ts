import {
	builtInTypes,
	commonProperties,
	PathkeeperError,
	type StorageType,
	storageTypeProblem,
} from "@pathkeeper/model";
import { apiage, apiver, type PluginLookup, type StoragePlugin } from "./plugin.ts";

/** The plugins of a node, by type. */
export class Registry implements PluginLookup {
	readonly #plugins = new Map<string, StoragePlugin>();

	/** Throws BUG when a plugin is refused: built-in ones never are. */
	constructor(plugins: readonly StoragePlugin[]) {
		for (const plugin of plugins) {
			const problem = this.add(plugin);
			if (problem !== null) throw new PathkeeperError("BUG", { problem });
		}
	}

	/** Of plugins that are not ours. */
	get thirdPartyTypes(): readonly StorageType[] {
		return this.types.filter(({ type }) => !builtInTypes.some((known) => known.type === type));
	}

	/** Takes a plugin in; or says why not, and then nothing changed. */
	add(plugin: StoragePlugin): string | null {
		const problem = apiProblem(plugin.api) ?? this.#definitionProblem(plugin.definition);
		if (problem === null) this.#plugins.set(plugin.definition.type, plugin);
		return problem;
	}

	get types(): readonly StorageType[] {
		return [...this.#plugins.values()].map(({ definition }) => definition);
	}

	/** Throws STORAGE_TYPE_UNKNOWN. */
	pluginOf(storage: { readonly id: string; readonly type: string }): StoragePlugin {
		const plugin = this.#plugins.get(storage.type);
		if (plugin !== undefined) return plugin;
		throw new PathkeeperError("STORAGE_TYPE_UNKNOWN", { storage: storage.id, type: storage.type });
	}

	/** A property means the same for every type: two plugins may not both bring it along. */
	#definitionProblem(definition: StorageType): string | null {
		const problem = storageTypeProblem(definition);
		if (problem !== null) return `its definition is not understood: ${problem}`;
		const { type, properties, options } = definition;
		if (!/^[a-z][a-z0-9-]{1,40}$/.test(type)) return `'${type.slice(0, 80)}' is not the name of a type`;
		if (this.#plugins.has(type)) return `there is a plugin for type '${type}' already`;
		for (const name of Object.keys(properties)) {
			if (!/^[a-z][a-z0-9_-]{0,60}$/.test(name))
				return `'${name.slice(0, 80)}' is not the name of a property`;
			const owner = this.types.find((other) => Object.hasOwn(other.properties, name));
			if (owner !== undefined) return `property '${name}' belongs to type '${owner.type}' already`;
			if (Object.hasOwn(commonProperties, name)) return `property '${name}' belongs to every type already`;
		}
		const known = (name: string) => Object.hasOwn(properties, name) || Object.hasOwn(commonProperties, name);
		const unknown = Object.keys(options).find((name) => !known(name));
		return unknown === undefined ? null : `option '${unknown.slice(0, 80)}' is not a property that it knows`;
	}
}

/** Why a plugin of that version of the contract is not taken; null when it is. */
function apiProblem(api: number): string | null {
	if (!Number.isInteger(api)) return "it does not say which version of the plugin API it was written for";
	if (api > apiver) return `it implements API version ${api}, which is newer than ours (${apiver})`;
	const oldest: number = apiver - apiage;
	if (api >= oldest) return null;
	const taken = oldest === apiver ? `${apiver}` : `${oldest} to ${apiver}`;
	return `it implements API version ${api}, which is too old (we take ${taken}); update the plugin`;
}

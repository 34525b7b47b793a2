import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { trustProblem } from "@pathkeeper/host";
import { isSecretByName, messageOf, type StorageType, secretsElsewhere } from "@pathkeeper/model";
import type { StoragePlugin } from "./plugin.ts";
import { guardPluginModules, type WatchPlugin } from "./plugin-modules.ts";
import type { Registry } from "./registry.ts";

/** Where plugins that are not ours are looked for. */
export const pluginFolder = "/etc/pathkeeper/plugins";

/** What became of one file of the folder. */
export type PluginOutcome =
	| { readonly file: string; readonly type: string }
	| { readonly file: string; readonly refused: string };

export interface LoadOptions {
	readonly folder: string;
	/** Who may own folders and files beside root: nobody, and in tests whoever runs them. */
	readonly owner?: number;
}

/**
 * Loads the ES modules (`*.mjs`, `*.js`) of the folder into the registry. A module runs with all rights of the agent,
 * so it, all that it imports, and every folder above those must belong to root and be writable for nobody else, and folder
 * and file be no links. A module that is refused or broken is told, and nothing else is affected. Its default export is
 * the plugin.
 */
export async function loadPlugins(
	registry: Registry,
	options: LoadOptions,
): Promise<readonly PluginOutcome[]> {
	const owner = options.owner ?? 0;
	const names = await entriesOf(options.folder);
	if (names.length === 0) return [];
	const trust = { owner, followsLast: false } as const;
	const unsafe = trustProblem(options.folder, { ...trust, kind: "folder" });
	const watch = guardPluginModules((file) => trustProblem(file, { owner, kind: "file" }));
	const outcomes: PluginOutcome[] = [];
	for (const name of names) {
		const file = join(options.folder, name);
		const problem =
			unsafe ?? trustProblem(file, { ...trust, kind: "file" }) ?? (await load(registry, file, watch));
		outcomes.push(typeof problem === "string" ? { file, refused: problem } : { file, type: problem.type });
	}
	return outcomes;
}

async function entriesOf(folder: string): Promise<readonly string[]> {
	try {
		return (await readdir(folder)).filter((name) => /\.m?js$/.test(name)).sort();
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
		throw error;
	}
}

async function load(registry: Registry, file: string, watch: WatchPlugin): Promise<string | StorageType> {
	try {
		const { href } = pathToFileURL(file);
		watch(href);
		const module: unknown = await import(href);
		const plugin = memberOf(module, "default");
		if (!isPlugin(plugin))
			return "its default export is not a storage plugin: a method or its definition is missing";
		return openSecret(plugin.definition) ?? registry.add(plugin) ?? plugin.definition;
	} catch (error) {
		return `it cannot be loaded: ${messageOf(error)}`;
	}
}

/** What is wrong with a type that would have a secret written into storage.cfg; null: nothing. */
function openSecret({ properties, sensitive }: StorageType): string | null {
	const open = Object.keys(properties).find((name) => isSecretByName(name) && !sensitive.includes(name));
	return open === undefined
		? null
		: `its property '${open}' is a secret by its name and is not in \`sensitive\`; ${secretsElsewhere}`;
}

const needed = [
	"parseVolname",
	"path",
	"listImages",
	"status",
	"checkConnection",
	"activateStorage",
	"activateVolume",
	"deactivateVolume",
	"volumeSize",
] as const;

/** Whether a value has the form of a plugin; what its methods do is its own affair. */
function isPlugin(value: unknown): value is StoragePlugin {
	const definition = memberOf(value, "definition");
	return (
		typeof memberOf(value, "api") === "number" &&
		needed.every((name) => typeof memberOf(value, name) === "function") &&
		typeof memberOf(definition, "type") === "string" &&
		typeof memberOf(definition, "selectExisting") === "boolean" &&
		typeof memberOf(definition, "alwaysShared") === "boolean" &&
		Array.isArray(memberOf(definition, "sensitive")) &&
		["properties", "options"].every((name) => isRecord(memberOf(definition, name))) &&
		["content", "format"].every((name) => Array.isArray(memberOf(memberOf(definition, name), "valid")))
	);
}

function isRecord(value: unknown): boolean {
	return (
		typeof value === "object" &&
		value !== null &&
		Object.values(value).every((each) => typeof each === "object" && each !== null)
	);
}

function memberOf(value: unknown, name: string): unknown {
	if (typeof value !== "object" || value === null) return undefined;
	return new Map(Object.entries(value)).get(name) ?? Reflect.get(value, name);
}

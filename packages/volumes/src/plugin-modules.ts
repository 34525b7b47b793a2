/**
 * The modules that a plugin consists of. What a plugin imports runs with the same rights as its own file, so each of
 * those files is looked at as well: whatever is imported, required or reached by `import()` from a module of a plugin, now
 * or later. What a plugin reads by other means (`readFile` and `eval`, a process) is its own affair.
 */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

/** Adds the first module of a plugin. */
export type WatchPlugin = (url: string) => void;

/** From now on no module of a plugin is loaded for which `problemOf` its file gives words. */
export function guardPluginModules(problemOf: (file: string) => string | null): WatchPlugin {
	const theirs = new Set<string>();
	registerHooks({
		resolve(specifier, context, nextResolve) {
			const found = nextResolve(specifier, context);
			const { parentURL } = context;
			if (parentURL === undefined || !theirs.has(parentURL) || found.url.startsWith("node:")) return found;
			if (found.url.startsWith("file:")) {
				const problem = problemOf(fileURLToPath(found.url));
				if (problem !== null) throw new Error(`it imports '${specifier}': ${problem}`);
			}
			theirs.add(found.url);
			return found;
		},
	});
	return (url) => void theirs.add(url);
}

import { dirPlugin } from "./dir/dir-plugin.ts";
import { lvmPlugin } from "./lvm/lvm-plugin.ts";
import { multipathPlugin } from "./multipath/multipath-plugin.ts";
import { Registry } from "./registry.ts";

/** A registry with the plugins that Pathkeeper brings along. */
export function builtInRegistry(): Registry {
	return new Registry([multipathPlugin, lvmPlugin, dirPlugin]);
}

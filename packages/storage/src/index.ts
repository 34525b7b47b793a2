export { builtInRegistry } from "./built-in.ts";
export { type PerCall, perCall, type StorageCall } from "./call.ts";
export * from "./flows.ts";
export { devicesWithoutPaths } from "./lvm/scope.ts";
export { volumeUsers } from "./lvm/volume-users.ts";
export * from "./plugin.ts";
export { type Refusable, refusalOf } from "./refusals.ts";
export { Registry } from "./registry.ts";
export { type LoadOptions, loadPlugins, type PluginOutcome, pluginFolder } from "./third-party.ts";

export { builtInRegistry } from "./built-in.ts";
export * from "./flows.ts";
export { lockNameOf } from "./lock-name.ts";
export { devicesWithoutPaths } from "./lvm/scope.ts";
export { volumeUsers } from "./lvm/volume-users.ts";
export * from "./plugin.ts";
export { Registry } from "./registry.ts";
export { loadPlugins, pluginFolder } from "./third-party.ts";

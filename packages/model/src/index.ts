export * from "./config/fleet-config.ts";
export * from "./errors.ts";
export * from "./multipathd-output/reading.ts";
export * from "./report.ts";
export * from "./topology/map.ts";
export * from "./topology/path.ts";
export * from "./verdict/lun-verdict.ts";
export * from "./verdict/states.ts";

export { type Release, releases } from "./daemon/release.ts";
export { demoAliases, demoSanPlan, sanOf } from "./demo-san.ts";
export { type SimulatedHost, type SimulateHostOptions, simulateHost } from "./host.ts";
export { type LunContent, lunContents } from "./lvm/lun-contents.ts";
export type { PathFault } from "./san/fabric.ts";
export { San } from "./san/san.ts";
export type { LunPlan, SanPlan } from "./san/san-plan.ts";

import type { Runtime } from "@pathkeeper/model";

/** Time of what is simulated, which may pass faster than that of the real parts, or stand still. */
export type Clock = Pick<Runtime, "now" | "schedule">;

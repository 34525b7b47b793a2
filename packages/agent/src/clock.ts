import type { Runtime } from "@pathkeeper/model";

/** Time as the loops use it. */
export type Clock = Pick<Runtime, "now" | "monotonic" | "sleep">;

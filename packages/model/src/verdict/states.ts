/** The state words of Pathkeeper. They are shown, stored in no file, and compared everywhere; add none lightly. */
export type PathState = "gone" | "failed" | "unknown" | "impaired" | "standby" | "usable";

/** State of a LUN on one node. `unmanaged`: a map nobody allowed; shown, never counted. */
export type LunState = "optimal" | "degraded" | "failed" | "missing" | "unknown" | "unmanaged";

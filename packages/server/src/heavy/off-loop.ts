import type { JobName, Jobs } from "./jobs.ts";

/** Does work whose cost somebody else determines, where it holds up nothing else: a `HeavyWorker` in a thread. */
export interface OffLoop {
	/** The result of a job; throws JobFailed. */
	do<N extends JobName>(name: N, takes: Jobs[N]["takes"]): Promise<Jobs[N]["gives"]>;
}

/** The program of the worker thread: does one job after another, and answers each with what came of it. */
import { parentPort } from "node:worker_threads";
import { messageOf } from "@pathkeeper/model";
import { doJob, type JobName, type Jobs } from "./jobs.ts";

/** What comes over the port is from our own `HeavyWorker`, which takes only names of jobs with what they take. */
interface Order<N extends JobName> {
	readonly name: N;
	readonly takes: Jobs[N]["takes"];
}

parentPort?.on("message", <N extends JobName>({ name, takes }: Order<N>) => {
	try {
		parentPort?.postMessage({ gives: doJob[name](takes) });
	} catch (error) {
		parentPort?.postMessage({ problem: messageOf(error) });
	}
});

parentPort?.postMessage("ready");

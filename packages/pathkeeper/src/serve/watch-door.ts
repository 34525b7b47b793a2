/** Asks the local socket now and then: a server that takes connections and answers nobody is of no use. */
import { request } from "node:http";
import type { Pulses } from "@pathkeeper/agent";
import type { Timers } from "@pathkeeper/model";
import { pause } from "@pathkeeper/model";

const everyMs = 15_000;
/** Several questions without an answer, on a machine that has much else to do. */
const longestMs = 60_000;

/** Asks until `resources` end. Any answer will do. */
export function watchDoor(
	socketPath: string,
	timers: Pick<Timers, "sleep">,
	pulses: Pulses,
	resources: AsyncDisposableStack,
): void {
	const stop = new AbortController();
	const pulse = pulses.loop("answering", longestMs);
	const asking = (async () => {
		pulse.beat(everyMs);
		while (!stop.signal.aborted) {
			await pause(everyMs, timers, stop.signal);
			if (!stop.signal.aborted && (await isAnswered(socketPath, stop.signal))) pulse.beat(everyMs);
		}
		pulse.rest();
	})();
	resources.defer(() => {
		stop.abort();
		return asking;
	});
}

function isAnswered(socketPath: string, signal: AbortSignal): Promise<boolean> {
	return new Promise((resolve) => {
		const asked = request(
			{ socketPath, path: "/api2/json/version", signal, timeout: everyMs, agent: false },
			(answer) => {
				answer.on("error", () => resolve(false));
				answer.on("end", () => resolve(true));
				answer.resume();
			},
		);
		asked.on("timeout", () => asked.destroy(new Error("no answer")));
		asked.on("error", () => resolve(false));
		asked.end();
	});
}

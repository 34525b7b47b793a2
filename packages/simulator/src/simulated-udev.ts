import type { UdevEvent, UdevEvents } from "@pathkeeper/host";
import type { SimulatedNode } from "./san/node.ts";

/** Block events of a simulated node, as its kernel sends them. */
export class SimulatedUdev implements UdevEvents {
	readonly #node: SimulatedNode;

	constructor(node: SimulatedNode) {
		this.#node = node;
	}

	/** Listens from the call on, not only from the first `next`: no event between the two is lost. */
	watch(signal: AbortSignal): AsyncIterable<UdevEvent> {
		const waiting: UdevEvent[] = [];
		let wake = Promise.withResolvers<void>();
		const stop = this.#node.listen({
			udev: (event) => {
				waiting.push(event);
				wake.resolve();
			},
		});
		const abort = () => {
			stop();
			wake.resolve();
		};
		signal.addEventListener("abort", abort, { once: true });
		if (signal.aborted) abort();
		return (async function* () {
			try {
				while (!signal.aborted) {
					const event = waiting.shift();
					if (event !== undefined) {
						yield event;
						continue;
					}
					wake = Promise.withResolvers<void>();
					await wake.promise;
				}
			} finally {
				stop();
				signal.removeEventListener("abort", abort);
			}
		})();
	}
}

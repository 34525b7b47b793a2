import { setTimeout as delay } from "node:timers/promises";
import { type Host, realHost } from "@pathkeeper/host";
import type { Report } from "@pathkeeper/model";
import { openEmbeddedStore } from "@pathkeeper/store";
import type { Clock } from "../../packages/agent/src/clock.ts";
import { Observer } from "../../packages/agent/src/observe/observer.ts";
import { Publisher } from "../../packages/agent/src/publisher.ts";
import { realRuntime } from "../../packages/pathkeeper/src/runtime/real-runtime.ts";

/** The agent's observe loop over a real host and a real store, that looks when it is told to. */
export interface ObservingAgent {
	/** One whole cycle: looks at the host, and writes the report into the store when it says something new. */
	look(): Promise<Report>;
	/** How many reports said something new so far. */
	written(): number;
	end(): Promise<void>;
}

/** Time stands still in it, so that nothing is done only because time passed. */
const stillClock: Clock = {
	now: () => realRuntime.now(),
	monotonic: () => 0,
	sleep: (ms, signal) => realRuntime.sleep(ms, signal),
};

export async function observingAgent(root: string): Promise<ObservingAgent> {
	const host: Host = {
		...realHost({ runtime: realRuntime, root, node: "bench" }),
		udev: {
			async *watch(signal) {
				await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
			},
		},
	};
	const store = await openEmbeddedStore({ runtime: realRuntime, path: `${root}/observing.db` });
	let written = 0;
	const silent = {
		debug: () => void written++,
		info: nothing,
		warn: nothing,
		error: (fields: object) => console.error(fields),
	};
	const publisher = new Publisher(
		store,
		{ node: "bench", run: "bench", agentVersion: "bench", intervalMs: 3_600_000 },
		realRuntime,
		silent,
	);
	let published = Promise.withResolvers<Report>();
	const observer = new Observer({
		host,
		clock: stillClock,
		log: { ...silent, debug: nothing },
		agentVersion: "bench",
		stateFolder: "/var/lib/observing",
		intervalMs: 3_600_000,
		answerMs: 5_000,
		applied: () => ({
			applied: { state: "pending", configDigest: null, overridesDigest: null, at: null, error: null },
			findings: [],
		}),
		publish: async (report) => {
			await publisher.publish(report);
			published.resolve(report);
		},
	});
	const stop = new AbortController();
	const run = observer.run(stop.signal);
	await published.promise;
	// Until what is installed was asked for, and the maps were seen calm twice.
	await delay(3_000);
	return {
		async look() {
			published = Promise.withResolvers();
			observer.hurry();
			return await published.promise;
		},
		written: () => written,
		async end() {
			stop.abort();
			await run;
			await host.multipathd.close();
			await store.close();
		},
	};
}

function nothing(): void {}

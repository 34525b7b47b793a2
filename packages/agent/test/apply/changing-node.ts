/**
 * A process that is killed: a node and its agent, while the config changes as fast as it can be applied:
 * `changing-node.ts FOLDER CALLS WISH...`. It sends itself the SIGKILL during a call of the host, the CALLSth of
 * those that change something, because the simulated `multipath` program lives in it and writes its file in one go only as seen
 * from within: the real one is a process of its own that nobody kills.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Runtime } from "@pathkeeper/model";
import { demoSanPlan, San, simulateHost } from "@pathkeeper/simulator";
import { openEmbeddedStore, writeConfig } from "@pathkeeper/store";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { Agent } from "../../src/index.ts";
import { interceptedHost } from "../intercepted-host.ts";

const [folder = "", calls = "0", ...wishes] = process.argv.slice(2);

const runtime: Runtime = {
	...realRuntime,
	monotonic: () => realRuntime.monotonic() * 60,
	sleep: (ms, signal) => realRuntime.sleep(ms / 60, signal),
};
const silent = () => undefined;
/** Calls of the host that change it. */
const changing = new Set(["replace", "remove", "addWwid", "removeWwid", "reconfigure", "removeMap"]);

/** Kills this process some turns of the event loop after the call has begun, or immediately. */
async function endDuringCall(): Promise<void> {
	for (let turns = Math.floor(Math.random() * 20); turns > 0; turns--)
		await new Promise((resolve) => setImmediate(resolve));
	process.kill(process.pid, "SIGKILL");
}

const simulated = await simulateHost({
	runtime: realRuntime,
	node: "n1",
	san: new San(demoSanPlan(["n1"]), realRuntime),
	root: join(folder, "n1"),
	reconfigureMs: 3,
});
let left = Number(calls);
const host = interceptedHost(simulated, ({ method }, run) => {
	if (changing.has(method) && --left === 0) void endDuringCall();
	return run();
});
const store = await openEmbeddedStore({ runtime: realRuntime, path: join(folder, "store.db") });
const log = { debug: silent, info: silent, warn: silent, error: silent };
const agent = new Agent({ host, store, runtime, log, version: "0.1.0", intervalMs: 3_000 });
void agent.run(new AbortController().signal);
for (;;) {
	const text = wishes[Math.floor(Math.random() * wishes.length)] ?? "";
	await writeConfig(store, "multipath.cfg", text, { by: "root@pam", from: null, at: Date.now() });
	await delay(Math.random() * 40);
}

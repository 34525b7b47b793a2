/**
 * A process that is killed: a node and its agent, while the config changes as fast as it can be applied. It sends
 * itself the SIGKILL, because the simulated `multipath` program lives in it and writes its file in one go only as seen
 * from within: the real one is a process of its own that nobody kills.
 */

import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Runtime } from "@pathkeeper/model";
import { demoSanPlan, San, simulateHost } from "@pathkeeper/simulator";
import { openEmbeddedStore, writeConfig } from "@pathkeeper/store";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { Agent } from "../../src/index.ts";

const [folder = "", lifeMs = "0", ...wishes] = process.argv.slice(2);

const runtime: Runtime = {
	...realRuntime,
	monotonic: () => realRuntime.monotonic() * 60,
	sleep: (ms, signal) => realRuntime.sleep(ms / 60, signal),
};
const silent = () => undefined;

const host = await simulateHost({
	runtime: realRuntime,
	node: "n1",
	san: new San(demoSanPlan(["n1"]), realRuntime),
	root: join(folder, "n1"),
	reconfigureMs: 3,
});
const store = await openEmbeddedStore({ runtime: realRuntime, path: join(folder, "store.db") });
const log = { debug: silent, info: silent, warn: silent, error: silent };
const agent = new Agent({ host, store, runtime, log, version: "0.1.0", intervalMs: 3_000 });
void agent.run(new AbortController().signal);
setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(lifeMs));
for (;;) {
	const text = wishes[Math.floor(Math.random() * wishes.length)] ?? "";
	await writeConfig(store, "multipath.cfg", text, { by: "root@pam", from: null, at: Date.now() });
	await delay(Math.random() * 40);
}

/**
 * The server in a process of its own, as the daemon puts it together: the API, the matrix and the stream of events on
 * one port, and the writer of the log beside it. Beside them stands a route that does nothing, for comparison.
 */
import {
	accessContext,
	createApi,
	createServer,
	EventHub,
	LiveFleet,
	runHistory,
	socketGate,
} from "@pathkeeper/server";
import { openEtcdStore } from "@pathkeeper/store";
import { realRuntime } from "../../../packages/pathkeeper/src/runtime/real-runtime.ts";
import { keepHeapSmall } from "../../../packages/pathkeeper/src/small-heap.ts";

keepHeapSmall();
const [etcd = ""] = process.argv.slice(2);
const store = await openEtcdStore({ runtime: realRuntime, endpoints: [etcd] });
const onFault = (error: unknown, where: string) => console.error(where, error);
const runtime = realRuntime;
const access = accessContext({ store, runtime, tell: () => undefined });
const live = new LiveFleet({ runtime: realRuntime, store, onFault });
const hub = new EventHub({ runtime: realRuntime, store, live, onFault });
const app = createServer({
	api: createApi({ runtime, store, access, live, version: "bench" }),
	live: { fleet: live, hub, metricsFor: { has: () => true } },
	gate: socketGate,
	tls: null,
	simulated: true,
	onFault,
});
app.get("/empty", (_request, reply) => reply.send(""));
void runHistory(
	{ runtime: realRuntime, store, live, holder: "bench", onFault },
	new AbortController().signal,
);
await app.listen({ port: 0, host: "127.0.0.1" });
const address = app.server.address();
process.send?.(typeof address === "object" && address !== null ? address.port : 0);
process.on("disconnect", () => process.exit());

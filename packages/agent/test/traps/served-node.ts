import { type LunOnNode, readFleetConfig } from "@pathkeeper/model";
import { accessContext, createApi, createServer, LiveFleet, socketGate } from "@pathkeeper/server";
import { readConfig } from "@pathkeeper/store";
import { fleetStatus } from "../../../model/test/fleet/whole-fleet-status.ts";
import { PacedTime } from "../../../model/test/paced-time.ts";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import type { OneNode } from "../one-node.ts";
import { until } from "../one-node.ts";

/** What the API answered. */
export interface Answer {
	readonly status: number;
	/** Message and field errors in one text. */
	readonly text: string;
}

/** Ten seconds of the server take one. */
const serverTime = new PacedTime(10);
const began = Date.now();

/** Calls the API of a node's fleet, as a user does. */
export function apiOf(node: OneNode) {
	const { store } = node;
	const runtime = {
		...realRuntime,
		now: () => began + serverTime.monotonic(),
		monotonic: () => serverTime.monotonic(),
		sleep: (ms: number) => serverTime.sleep(ms),
	};
	const access = accessContext({ store, runtime, tell: () => undefined });
	// Watches nothing, as long as nobody looks.
	const live = new LiveFleet({ runtime: realRuntime, store, onFault: () => undefined });
	const app = createServer({
		api: createApi({ runtime, store, access, live, version: "0.1.0" }),
		gate: socketGate,
		tls: null,
		simulated: true,
		onFault: (error) => {
			throw error;
		},
	});
	return async (method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<Answer> => {
		const url = `/api2/json/cluster/multipath${path}`;
		const { statusCode, body: text } = await app.inject({
			method,
			url,
			...(body === undefined ? {} : { payload: body }),
		});
		return { status: statusCode, text };
	};
}

/** The verdict on a LUN on this node, as everybody computes it; undefined when the node is not to carry it. */
export async function verdictOf(node: OneNode, wwid: string): Promise<LunOnNode | undefined> {
	const { config } = readFleetConfig((await readConfig(node.store, "multipath.cfg")).text);
	const report = await node.report();
	const views = [{ node: node.host.node, online: report !== null, report, problem: null }];
	return fleetStatus(config, views)
		.find((lun) => lun.wwid === wwid)
		?.nodes.get(node.host.node);
}

/** Waits until a LUN is in a state, and gives the verdict. */
export async function verdict(node: OneNode, wwid: string, state: string): Promise<LunOnNode> {
	let last = await verdictOf(node, wwid);
	await until(
		async () => {
			last = await verdictOf(node, wwid);
			return last?.state === state;
		},
		() => `${state}; it is ${JSON.stringify(last)}`,
	);
	if (last === undefined) throw new Error("it is gone again");
	return last;
}

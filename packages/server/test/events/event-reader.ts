import { type ClientRequest, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { LogEvent, PictureDelta, SnapshotEvent } from "@pathkeeper/model";
import Fastify, { type FastifyInstance } from "fastify";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import type { AccessGate } from "../../src/access/access-gate.ts";
import { socketGate } from "../../src/access/access-gate.ts";
import { EventHub, type EventHubOptions } from "../../src/events/event-hub.ts";
import { type LiveRoutesOptions, registerLive } from "../../src/events/register-live.ts";
import type { LiveFleet } from "../../src/fleet/live-fleet.ts";
import { decorateWithCaller } from "../../src/http/request-caller.ts";

/** A server of the live routes alone, on a port of its own. */
export class LiveServer implements AsyncDisposable {
	readonly app: FastifyInstance;
	readonly hub: EventHub;
	readonly faults: unknown[] = [];

	private constructor(
		live: LiveFleet,
		hub: Omit<EventHubOptions, "runtime" | "live" | "onFault">,
		routes: Partial<LiveRoutesOptions>,
	) {
		const onFault = (error: unknown) => this.faults.push(error);
		this.hub = new EventHub({ runtime: realRuntime, live, onFault, ...hub });
		this.app = Fastify();
		decorateWithCaller(this.app);
		const gate: AccessGate = socketGate;
		registerLive(this.app, { live, hub: this.hub, gate, simulated: false, onFault, ...routes });
	}

	static async start(
		live: LiveFleet,
		hub: Omit<EventHubOptions, "runtime" | "live" | "onFault">,
		routes: Partial<LiveRoutesOptions> = {},
	): Promise<LiveServer> {
		const server = new LiveServer(live, hub, routes);
		await server.app.listen({ port: 0, host: "127.0.0.1" });
		return server;
	}

	get port(): number {
		const address: AddressInfo | string | null = this.app.server.address();
		if (address === null || typeof address === "string") throw new Error("not listening");
		return address.port;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.app.close();
	}
}

/** Events by name, in the order in which they came. */
interface Arrived {
	readonly snapshot: SnapshotEvent[];
	readonly delta: PictureDelta[];
	readonly log: LogEvent[];
}

/** Only ends a test that hangs; milliseconds. */
const patienceMs = 60_000;

/** Reads the events of a stream as a browser does. */
export class EventReader implements Disposable {
	/** What came and was not taken yet. */
	readonly arrived: Arrived = { snapshot: [], delta: [], log: [] };
	lastId: string | null = null;
	/** After how long the server wants the client back, in milliseconds. */
	retryMs: number | null = null;
	pings = 0;
	isOver = false;
	readonly response: IncomingMessage;
	readonly #request: ClientRequest;
	#rest = "";

	private constructor(request: ClientRequest, response: IncomingMessage) {
		this.#request = request;
		this.response = response;
		response.setEncoding("utf8");
		response.on("close", () => {
			this.isOver = true;
		});
		response.on("error", () => undefined);
	}

	static async open(
		{ port }: { readonly port: number },
		headers: Record<string, string> = {},
	): Promise<EventReader> {
		const { promise, resolve, reject } = Promise.withResolvers<EventReader>();
		const request = get({ port, path: "/api2/json/cluster/events", headers }, (response) => {
			const reader = new EventReader(request, response);
			response.on("data", (text: string) => reader.#take(text));
			resolve(reader);
		});
		request.on("error", reject);
		return await promise;
	}

	/** The oldest event of this name that was not taken yet; waits for it. */
	async next<E extends keyof Arrived>(event: E): Promise<Arrived[E][number]> {
		for (const end = Date.now() + patienceMs; Date.now() < end; await delay(5)) {
			const found = this.arrived[event].shift();
			if (found !== undefined) return found;
		}
		throw new Error(`no ${event} came`);
	}

	get left(): number {
		return Object.values(this.arrived).flat().length;
	}

	async over(): Promise<void> {
		for (const end = Date.now() + patienceMs; !this.isOver; await delay(5)) {
			if (Date.now() > end) throw new Error("the stream does not end");
		}
	}

	[Symbol.dispose](): void {
		this.#request.destroy();
	}

	#take(text: string): void {
		const blocks = (this.#rest + text).split("\n\n");
		this.#rest = blocks.pop() ?? "";
		for (const block of blocks) {
			if (block === ": ping") this.pings += 1;
			const fields = new Map(block.split("\n").map((line): [string, string] => split(line)));
			const id = fields.get("id");
			if (id !== undefined) this.lastId = id;
			const retry = fields.get("retry");
			if (retry !== undefined) this.retryMs = Number(retry);
			const event = fields.get("event");
			const data: unknown = JSON.parse(fields.get("data") ?? "null");
			if (event === "snapshot" || event === "delta" || event === "log") this.#arrive(event, data);
		}
	}

	#arrive(event: keyof Arrived, data: unknown): void {
		const queue: unknown[] = this.arrived[event];
		queue.push(data);
	}
}

function split(line: string): [string, string] {
	const at = line.indexOf(": ");
	return [line.slice(0, at), line.slice(at + 2)];
}

/**
 * A whole fleet in one process: the real server and the real agents over a real store, and hosts whose kernel and
 * multipathd are simulated. Nothing of ours is replaced.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Agent, type AgentOptions } from "@pathkeeper/agent";
import { demoSanPlan, San, type SanPlan, type SimulatedHost, simulateHost } from "@pathkeeper/simulator";
import { openEmbeddedStore, type Store } from "@pathkeeper/store";
import type { FastifyInstance } from "fastify";
import { PacedTime } from "../../model/test/paced-time.ts";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import { accessContext, createApi, createServer, EventHub, LiveFleet, socketGate } from "../src/index.ts";

export interface FleetOptions {
	readonly nodes?: readonly string[];
	readonly plan?: SanPlan;
	/** False: the agents are started by the test. */
	readonly agents?: boolean;
	/** True when answers are to say that the hosts are simulated. */
	readonly simulated?: boolean;
	/** Plugins for storages of a node; the built-in ones where it gives none. */
	readonly registryOf?: (node: string) => AgentOptions["registry"];
	/** How many seconds of the server pass in a second. */
	readonly serverSpeed?: number;
}

export interface Answer {
	readonly status: number;
	readonly reason: string;
	readonly contentType: string | undefined;
	readonly body: string;
	/** `data` of the document. */
	readonly data: unknown;
	readonly message: string | undefined;
	readonly errors: Readonly<Record<string, string>> | undefined;
}

/** WWIDs of the demo SAN. */
export const milk = "36001405d000000000000000000000001";
export const oil = "36001405d000000000000000000000002";
export const tea = "36000a17000000000000000000000c4fe";

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export class SimulatedFleet implements AsyncDisposable {
	readonly folder: string;
	readonly san: San;
	readonly hosts: ReadonlyMap<string, SimulatedHost>;
	readonly store: Store;
	readonly app: FastifyInstance;
	readonly live: LiveFleet;
	readonly faults: unknown[] = [];
	readonly #registryOf: NonNullable<FleetOptions["registryOf"]>;
	/** One wall clock for server and agents: on a busy machine the server's slows down with the process. */
	readonly #now: () => number;
	readonly #running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();

	private constructor(
		folder: string,
		hosts: readonly SimulatedHost[],
		san: San,
		store: Store,
		options: FleetOptions,
	) {
		this.folder = folder;
		this.san = san;
		this.hosts = new Map(hosts.map((host) => [host.node, host]));
		this.store = store;
		this.#registryOf = options.registryOf ?? (() => undefined);
		const speed = options.serverSpeed ?? 1;
		const begun = Date.now();
		const paced = new PacedTime(speed);
		this.#now = () => begun + paced.monotonic();
		const runtime = {
			...realRuntime,
			now: this.#now,
			monotonic: () => paced.monotonic(),
			sleep: (ms: number) => paced.sleep(ms),
		};
		const access = accessContext({ store, runtime, tell: () => undefined });
		const onFault = (error: unknown) => this.faults.push(error);
		this.live = new LiveFleet({ runtime: realRuntime, store, onFault, gatherMs: 5 });
		const hub = new EventHub({ runtime: realRuntime, store, live: this.live, onFault });
		this.app = createServer({
			api: createApi({ runtime, store, access, live: this.live, version: "1.2.3" }),
			live: { fleet: this.live, hub, metricsFor: { has: () => false } },
			gate: socketGate,
			tls: null,
			simulated: options.simulated ?? false,
			onFault,
		});
	}

	static async start(options: FleetOptions = {}): Promise<SimulatedFleet> {
		const folder = await mkdtemp(join(tmpdir(), "pk-fleet-"));
		const san = new San(options.plan ?? demoSanPlan(options.nodes ?? ["n1"]), realRuntime);
		const hosts = await Promise.all(
			san.nodes.map(({ name }) =>
				simulateHost({
					runtime: realRuntime,
					node: name,
					san,
					root: join(folder, name),
					secondMs: 20,
					reconfigureMs: 5,
				}),
			),
		);
		const store = await openEmbeddedStore({ runtime: realRuntime, path: join(folder, "store.db") });
		const fleet = new SimulatedFleet(folder, hosts, san, store, options);
		if (options.agents ?? true) {
			for (const { node } of hosts) fleet.startAgent(node);
			await fleet.until("all nodes report", async () => {
				const { nodes } = await fleet.status();
				return nodes.length === hosts.length && nodes.every(({ applied }) => applied.state === "applied");
			});
		}
		return fleet;
	}

	host(node: string): SimulatedHost {
		const host = this.hosts.get(node);
		if (host === undefined) throw new Error(`there is no node '${node}'`);
		return host;
	}

	startAgent(node: string): void {
		const stop = new AbortController();
		const { store } = this;
		const host = this.host(node);
		const registry = this.#registryOf(node);
		const agent = new Agent({
			host,
			store,
			runtime: { ...realRuntime, now: this.#now },
			log: silent,
			version: "1.2.3",
			intervalMs: 200,
			...(registry === undefined ? {} : { registry }),
		});
		this.#running.set(node, { stop, ended: agent.run(stop.signal) });
	}

	/** The agent ends and leaves: the node is offline at once. */
	async stopAgent(node: string): Promise<void> {
		const running = this.#running.get(node);
		running?.stop.abort();
		await running?.ended;
		this.#running.delete(node);
	}

	/** The agent looks at everything afresh: who uses a map it would otherwise see within half a minute. */
	async restartAgent(node: string): Promise<void> {
		await this.stopAgent(node);
		this.startAgent(node);
	}

	/** Calls the API; an object becomes a JSON body, a text an urlencoded one. */
	async call(
		method: "GET" | "POST" | "PUT" | "DELETE",
		path: string,
		body?: object | string,
	): Promise<Answer> {
		const type = typeof body === "string" ? "application/x-www-form-urlencoded" : "application/json";
		const url = `/api2/json${path}`;
		const response = await this.app.inject({
			method,
			url,
			...(body === undefined ? {} : { payload: body, headers: { "content-type": type } }),
		});
		const document: Record<string, unknown> = response.body === "" ? {} : response.json();
		const { message, errors } = document;
		return {
			status: response.statusCode,
			reason: response.statusMessage,
			contentType: response.headers["content-type"]?.toString(),
			body: response.body,
			data: document["data"],
			message: typeof message === "string" ? message : undefined,
			errors: errors instanceof Object ? Object.fromEntries(Object.entries(errors)) : undefined,
		};
	}

	/** The status, as far as tests look at it. */
	async status(): Promise<FleetAnswer> {
		return (await this.app.inject({ url: "/api2/json/cluster/multipath/status" })).json<{
			data: FleetAnswer;
		}>().data;
	}

	/** Waits until every node has applied what is stored, and is calm. */
	async applied(): Promise<FleetAnswer> {
		let status = await this.status();
		await this.until("all nodes have applied the configuration", async () => {
			status = await this.status();
			return status.nodes.every(({ applied, settling }) => applied.current === 1 && settling === 0);
		});
		return status;
	}

	/** Allows LUNs of the SAN and waits for their maps. */
	async allow(...wwids: readonly string[]): Promise<void> {
		for (const wwid of wwids) {
			const { status, body } = await this.call("POST", "/cluster/multipath/wwids", { wwid });
			if (status !== 200) throw new Error(body);
		}
		await this.applied();
		await this.until("the maps are there", () =>
			Promise.resolve(
				[...this.hosts.values()].every(({ kernel }) => wwids.every((wwid) => kernel.map(wwid) !== undefined)),
			),
		);
	}

	/** Looks again and again, for at most a minute. */
	async until(what: string, holds: () => Promise<boolean>): Promise<void> {
		for (const end = Date.now() + 60_000; !(await holds()); await delay(20)) {
			if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
		}
	}

	/** Listens on a unix socket as the daemon does; gives its path. */
	async listen(): Promise<string> {
		const path = join(this.folder, "api.sock");
		await this.app.listen({ path });
		return path;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await Promise.all([...this.#running.keys()].map((node) => this.stopAgent(node)));
		await this.app.close();
		await this.live.close();
		await Promise.all([...this.hosts.values()].map((host) => host.close()));
		await this.store.close();
		await rm(this.folder, { recursive: true, force: true });
	}
}

export interface FleetAnswer {
	readonly luns: readonly {
		readonly wwid: string;
		readonly state: string;
		readonly reasons: readonly string[];
		readonly nodes: Readonly<Record<string, { readonly state: string; readonly usable: number }>>;
	}[];
	readonly nodes: readonly {
		readonly node: string;
		readonly online: number;
		readonly findings: readonly {
			readonly code: string;
			readonly subject: string | null;
			readonly text: string;
		}[];
		readonly settling: number;
		readonly applied: { readonly state: string; readonly current: number; readonly error: string | null };
		readonly multipathd: { readonly state: string; readonly problem: string | null };
	}[];
}

/** The real server with the real page, over a store that a test fills. */
import {
	accessContext,
	createApi,
	createServer,
	EventHub,
	LiveFleet,
	networkGate,
	readPage,
	registerPage,
	runHistory,
} from "@pathkeeper/server";
import { makeFirstAdministrator, type Store } from "@pathkeeper/store";
import { buildPage, pageFolder, pageIsOld } from "../../../scripts/build-page.ts";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";

export interface PageServerOptions {
	readonly simulated?: boolean;
}

export class PageServer implements AsyncDisposable {
	readonly store: Store;
	readonly faults: unknown[] = [];
	readonly user = "root@local";
	/** Of the first administrator. */
	password = "";
	/** How far the server's clock is ahead, in milliseconds: tickets end when it jumps. */
	ahead = 0;
	readonly #options: PageServerOptions;
	#app: ReturnType<typeof createServer> | null = null;
	#port = 0;
	readonly #held = new Map<string, Promise<void>>();
	#end: () => Promise<void> = async () => undefined;

	private constructor(store: Store, options: PageServerOptions) {
		this.store = store;
		this.#options = options;
	}

	static async start(store: Store, options: PageServerOptions = {}): Promise<PageServer> {
		if (pageIsOld()) await buildPage();
		const server = new PageServer(store, options);
		await server.open();
		return server;
	}

	get url(): string {
		return `http://127.0.0.1:${this.#port}`;
	}

	/** From now on nothing is answered that is about one node, until what it gives is called. */
	hold(node: string): () => void {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#held.set(node, promise);
		return () => {
			this.#held.delete(node);
			resolve();
		};
	}

	/** Opens it, on the same port as before when it was open before. */
	async open(): Promise<void> {
		const { store, faults } = this;
		const runtime = {
			...realRuntime,
			now: () => realRuntime.now() + this.ahead,
			sleep: (ms: number) => realRuntime.sleep(ms / 10),
		};
		const made = await makeFirstAdministrator(store, runtime);
		if (made !== null) this.password = made.password;
		const onFault = (error: unknown) => faults.push(error);
		const live = new LiveFleet({ runtime: realRuntime, store, onFault });
		const hub = new EventHub({ runtime: realRuntime, store, live, onFault, pingMs: 1000 });
		const stop = new AbortController();
		const history = runHistory(
			{ runtime: realRuntime, store, live, holder: "test", windowMs: 200, graceMs: 500, onFault },
			stop.signal,
		);
		const access = accessContext({ store, runtime, tell: () => undefined });
		const gate = networkGate(access);
		const simulated = this.#options.simulated ?? false;
		const app = createServer({
			api: createApi({ runtime, store, access, live, version: "1.2.3" }),
			live: { fleet: live, hub, metricsFor: { has: () => false } },
			gate,
			tls: null,
			simulated,
			onFault,
		});
		registerPage(app, readPage(pageFolder), realRuntime);
		app.addHook("preHandler", async ({ url }) => {
			for (const [node, until] of this.#held) if (url.includes(`/nodes/${node}/`)) await until;
		});
		await app.listen({ host: "127.0.0.1", port: this.#port });
		const address = app.server.address();
		if (typeof address === "object" && address !== null) this.#port = address.port;
		this.#app = app;
		this.#end = async () => {
			stop.abort();
			await history;
			await live.close();
		};
	}

	/** Gone, with every connection, as when the machine stops. */
	async close(): Promise<void> {
		this.#app?.server.closeAllConnections();
		await this.#app?.close();
		this.#app = null;
		await this.#end();
		this.#end = async () => undefined;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}
}

/** Access control of one server over a real store and real HTTP, with time and delays moved by hand. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineRoute, type Route } from "@pathkeeper/model";
import {
	type AccessEdit,
	createToken,
	createUser,
	editAcl,
	hashPassword,
	openEmbeddedStore,
	type Store,
} from "@pathkeeper/store";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { afterEach, beforeEach } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { type AccessContext, type AccessEvent, accessContext } from "../../src/access/access-context.ts";
import { type AccessGate, networkGate } from "../../src/access/access-gate.ts";
import { accessHandlers } from "../../src/access/access-handlers.ts";
import { createApi } from "../../src/api.ts";
import { createServer } from "../../src/app.ts";
import { EventHub } from "../../src/events/event-hub.ts";
import { usualStreamLimits } from "../../src/events/stream-shares.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import { bind } from "../../src/http/bind.ts";

export interface Answer {
	readonly status: number;
	readonly message: string;
	readonly data: unknown;
	/** All of it, to look for what must not be in it. */
	readonly text: string;
}

export interface Session {
	readonly ticket: string;
	readonly csrf: string;
}

/** A route about a node, and one that changes something there. */
const look = defineRoute({
	method: "GET",
	path: "/nodes/:node/look",
	privilege: "Sys.Audit",
	summary: "",
	parameters: Type.Object({ node: Type.String() }),
	result: Type.String(),
});
const shake = defineRoute({ ...look, method: "PUT", path: "/nodes/:node/shake", privilege: "Sys.Modify" });

/** Made once: each takes 30 ms, and what is tested does not depend on it. */
export const password = "correct horse";
const passwordHash = await hashPassword(password, realRuntime);

export interface AccessServerOptions {
	readonly whole?: boolean;
}

export class AccessServer {
	readonly store: Store;
	readonly access: AccessContext;
	readonly app: FastifyInstance;
	readonly gate: AccessGate;
	readonly events: AccessEvent[] = [];
	/** Delays that were waited for, in milliseconds. */
	readonly delays: number[] = [];
	/** Faults of ours; there must be none. */
	readonly faults: unknown[] = [];
	nowMs = 1_700_000_000_000;

	readonly live: LiveFleet;

	/** `whole`: with every route there is; nobody is taken as a follower of the events, whose answer never ends. */
	constructor(store: Store, { whole = false }: AccessServerOptions = {}) {
		this.store = store;
		const runtime = {
			...realRuntime,
			now: () => this.nowMs,
			sleep: async (ms: number) => {
				this.delays.push(ms);
			},
		};
		this.access = accessContext({
			store,
			runtime,
			tell: (event) => this.events.push(event),
		});
		this.gate = networkGate(this.access);
		const who = (route: Route) => bind(route, async (_, caller) => caller.user);
		const onFault = (error: unknown) => this.faults.push(error);
		this.live = new LiveFleet({ runtime: realRuntime, store, onFault });
		const hub = new EventHub({
			runtime: realRuntime,
			store,
			live: this.live,
			onFault,
			limits: { ...usualStreamLimits, inAll: 0 },
		});
		const { access, live } = this;
		const common = { gate: this.gate, tls: null, simulated: false, onFault };
		this.app = createServer(
			whole
				? {
						...common,
						api: createApi({ runtime, store, access, live, version: "1.2.3" }),
						live: { fleet: live, hub, metricsFor: { has: (address) => address === "192.0.2.99" } },
					}
				: { ...common, api: [...accessHandlers(this.access), who(look), who(shake)] },
		);
	}

	get edit(): AccessEdit {
		return { by: "test", from: null, at: this.nowMs, random: realRuntime };
	}

	/** A user with the password of all test users. */
	async user(
		id: string,
		change: { readonly enabled?: boolean; readonly expiresAtS?: number } = {},
	): Promise<void> {
		await createUser(this.store, { id, passwordHash, ...change }, this.edit);
	}

	/** Gives the value of the header Authorization for a new token. */
	async token(
		user: string,
		name: string,
		change: { separated?: boolean; expiresAtS?: number } = {},
	): Promise<string> {
		const { secret } = await createToken(this.store, user, name, change, this.edit);
		return `PVEAPIToken=${user}!${name}=${secret}`;
	}

	/** Adds an entry, by nobody who would have to hold it. */
	async grant(
		subject: string,
		role: "Administrator" | "Operator" | "Auditor" | "NoAccess",
		path: "/" | "/nodes/n1" | "/storage" | "/storage/s1",
	): Promise<void> {
		const entry = { path, subject, role, propagate: true } as const;
		await editAcl(this.store, "test", (acl) => [...acl, entry], this.edit);
	}

	async call(
		method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD",
		path: string,
		options: { readonly headers?: Readonly<Record<string, string>>; readonly body?: object | string } = {},
	): Promise<Answer> {
		const { headers = {}, body } = options;
		const answer = await this.app.inject({
			method,
			url: path.startsWith("/api2/") || path.startsWith("/metrics") ? path : `/api2/json${path}`,
			headers: {
				...(body === undefined
					? {}
					: {
							"content-type":
								typeof body === "string" ? "application/x-www-form-urlencoded" : "application/json",
						}),
				...headers,
			},
			...(body === undefined ? {} : { payload: body }),
		});
		const isJson = /^application\/json/.test(answer.headers["content-type"]?.toString() ?? "");
		const document: unknown = answer.body === "" || !isJson ? {} : JSON.parse(answer.body);
		const fields = new Map(Object.entries(document instanceof Object ? document : {}));
		return {
			status: answer.statusCode,
			// Its line break is Proxmox VE's way, and tested with the wire form.
			message: String(fields.get("message") ?? "").trimEnd(),
			data: fields.get("data"),
			text: answer.body,
		};
	}

	/** Logs in; fails the test when refused. */
	async session(username: string, secret = password): Promise<Session> {
		const answer = await this.call("POST", "/access/ticket", { body: { username, password: secret } });
		const data = new Map(Object.entries(answer.data instanceof Object ? answer.data : {}));
		const ticket = data.get("ticket");
		const csrf = data.get("CSRFPreventionToken");
		if (typeof ticket === "string" && typeof csrf === "string") return { ticket, csrf };
		throw new Error(`login of ${username}: ${answer.status} ${answer.message}`);
	}

	/** Calls as a browser does, with cookie and token against cross-site requests. */
	async as(
		session: Session,
		method: "GET" | "POST" | "PUT" | "DELETE",
		path: string,
		body?: object,
	): Promise<Answer> {
		return await this.call(method, path, {
			headers: browser(session),
			...(body === undefined ? {} : { body }),
		});
	}
}

export function cookie(ticket: string): { cookie: string } {
	return { cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}` };
}

export function browser({ ticket, csrf }: Session): Record<string, string> {
	return { ...cookie(ticket), csrfpreventiontoken: csrf };
}

/** A server for each test of a file. */
export function serverPerTest(options: AccessServerOptions = {}): () => AccessServer {
	let server: AccessServer | null = null;
	let folder = "";
	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), "pathkeeper-access-"));
		server = new AccessServer(
			await openEmbeddedStore({ runtime: realRuntime, path: join(folder, "store.db") }),
			options,
		);
	});
	afterEach(async () => {
		await server?.app.close();
		await server?.live.close();
		await server?.store.close();
		rmSync(folder, { recursive: true, force: true });
	});
	return () => {
		if (server === null) throw new Error("there is a server only while a test runs");
		return server;
	};
}

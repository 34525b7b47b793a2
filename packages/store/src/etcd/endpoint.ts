import { readFileSync } from "node:fs";
import { type Client, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { messageOf, type Runtime } from "@pathkeeper/model";
import { NotConnected } from "./etcd-errors.ts";
import { Http2Connection, type Patience } from "./http2-connection.ts";
import { Auth, KV, Lease, Maintenance, Watch } from "./wire/etcd_pb.js";

/** Paths of PEM files. They are read anew for each connection, so that renewed ones are taken up. */
export interface EtcdTls {
	/** Who may have signed the servers' certificates; without it, those that Node trusts. */
	readonly ca?: string;
	/** The client's certificate and its key: both, or neither. */
	readonly cert?: string;
	readonly key?: string;
}

/** What one member of etcd serves. */
export interface Services {
	readonly kv: Client<typeof KV>;
	readonly watch: Client<typeof Watch>;
	readonly lease: Client<typeof Lease>;
	readonly auth: Client<typeof Auth>;
	readonly maintenance: Client<typeof Maintenance>;
}

/** A connection gets twice the time of the one that failed before it, up to so many times the usual. */
const mostPatience = 8;

/** One member of the cluster, and the one connection to it that all calls and watches share. */
export class Endpoint {
	readonly url: string;
	readonly #tls: EtcdTls;
	readonly #patience: Patience;
	readonly #runtime: Runtime;
	readonly #closing = new AbortController();
	#open: { readonly connection: Http2Connection; readonly services: Services } | null = null;
	#opening: Promise<Services> | null = null;
	/**
	 * How many times the usual a connection may take. A host that is short of processors may need longer for the
	 * handshake than a member that hangs is waited for, and would begin anew for ever.
	 */
	#patient = 1;

	constructor(url: string, tls: EtcdTls, patience: Patience, runtime: Runtime) {
		this.url = url;
		this.#tls = tls;
		this.#patience = patience;
		this.#runtime = runtime;
	}

	/** Connects when there is no connection that lives. Throws NotConnected, also when `stop` aborts first. */
	async services(stop: AbortSignal): Promise<Services> {
		const { promise, reject } = Promise.withResolvers<never>();
		const giveUp = () => reject(new NotConnected(`${this.url}: no connection in time`));
		stop.addEventListener("abort", giveUp);
		try {
			if (stop.aborted) giveUp();
			return await Promise.race([this.#living(), promise]);
		} finally {
			stop.removeEventListener("abort", giveUp);
		}
	}

	/** Ends the connection, and with it whatever goes on over it. */
	close(): void {
		this.#closing.abort();
		this.#open?.connection.close();
	}

	async #living(): Promise<Services> {
		const open = this.#open;
		if (open?.connection.isOpen && (await open.connection.isAlive())) return open.services;
		this.#opening ??= this.#connect().finally(() => {
			this.#opening = null;
		});
		return await this.#opening;
	}

	async #connect(): Promise<Services> {
		const tls = {
			...read("ca", this.#tls.ca),
			...read("cert", this.#tls.cert),
			...read("key", this.#tls.key),
		};
		const patience = { ...this.#patience, connectMs: this.#patience.connectMs * this.#patient };
		this.#patient = Math.min(this.#patient * 2, mostPatience);
		const connection = await Http2Connection.open(
			this.url,
			tls,
			patience,
			this.#closing.signal,
			this.#runtime,
		);
		this.#patient = 1;
		const transport = createGrpcTransport({
			baseUrl: this.url,
			sessionManager: connection,
			acceptCompression: [],
			binaryOptions: { readUnknownFields: false },
		});
		const services = {
			kv: createClient(KV, transport),
			watch: createClient(Watch, transport),
			lease: createClient(Lease, transport),
			auth: createClient(Auth, transport),
			maintenance: createClient(Maintenance, transport),
		};
		this.#open = { connection, services };
		return services;
	}
}

function read(option: "ca" | "cert" | "key", path: string | undefined): Readonly<Record<string, Buffer>> {
	if (path === undefined) return {};
	try {
		return { [option]: readFileSync(path) };
	} catch (error) {
		throw new NotConnected(`${path}: ${messageOf(error)}`, { cause: error });
	}
}

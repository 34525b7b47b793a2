import { readFileSync } from "node:fs";
import { type Client, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { messageOf } from "@pathkeeper/model";
import { NotConnected } from "./etcd-errors.ts";
import { Auth, KV, Lease, Watch } from "./wire/etcd_pb.js";

/** Paths of PEM files. They are read anew for each connection, so that renewed ones are taken up. */
export interface EtcdTls {
	/** Who may have signed the servers' certificates; without it, those that Node trusts. */
	readonly ca?: string;
	/** The client's certificate and its key: both, or neither. */
	readonly cert?: string;
	readonly key?: string;
}

/** How long connections may be silent, in milliseconds. */
export interface Patience {
	/** For a connection to come about. */
	readonly connectMs: number;
	/** Silence after which the other side is asked for a sign of life, while there are watches or requests. */
	readonly pingMs: number;
	/** For that sign of life. */
	readonly pongMs: number;
}

/** What one member of etcd serves. */
export interface Services {
	readonly kv: Client<typeof KV>;
	readonly watch: Client<typeof Watch>;
	readonly lease: Client<typeof Lease>;
	readonly auth: Client<typeof Auth>;
}

interface Line {
	readonly session: Http2SessionManager;
	readonly services: Services;
}

// Values are up to 1 MiB; a window of 64 KiB, HTTP/2's default, would make each wait for several round trips.
const windowBytes = 1024 * 1024;
// In MB. Node refuses streams beyond 10 MB of buffers, which a burst of large values passes.
const sessionMemory = 256;

/** One member of the cluster, and the one connection to it that all calls and watches share. */
export class Endpoint {
	readonly url: string;
	readonly #tls: EtcdTls;
	readonly #patience: Patience;
	#line: Line | null = null;

	constructor(url: string, tls: EtcdTls, patience: Patience) {
		this.url = url;
		this.#tls = tls;
		this.#patience = patience;
	}

	/** Connects when there is no connection. Throws NotConnected, also when `stop` aborts first. */
	async services(stop: AbortSignal): Promise<Services> {
		const line = this.#currentLine();
		const gaveUp = Promise.withResolvers<string>();
		const giveUp = () => gaveUp.resolve("the caller waits no longer");
		const timer = setTimeout(() => {
			line.session.abort();
			gaveUp.resolve(`no connection within ${this.#patience.connectMs / 1000} s`);
		}, this.#patience.connectMs);
		stop.addEventListener("abort", giveUp);
		try {
			if (stop.aborted) giveUp();
			const outcome = await Promise.race([line.session.connect(), gaveUp.promise]);
			if (outcome === "open" || outcome === "idle") return line.services;
			const cause = line.session.error();
			const problem =
				outcome === "error" ? (cause === undefined ? "it broke off" : messageOf(cause)) : outcome;
			throw new NotConnected(`${this.url}: ${problem}`, { cause });
		} finally {
			clearTimeout(timer);
			stop.removeEventListener("abort", giveUp);
		}
	}

	/** Ends the connection, and with it whatever goes on over it. */
	close(): void {
		this.#line?.session.abort();
		this.#line = null;
	}

	#currentLine(): Line {
		const state = this.#line?.session.state();
		if (this.#line === null || state === "closed" || state === "error") this.#line = this.#newLine();
		return this.#line;
	}

	#newLine(): Line {
		const session = new Http2SessionManager(
			this.url,
			{ pingIntervalMs: this.#patience.pingMs, pingTimeoutMs: this.#patience.pongMs },
			{
				settings: { initialWindowSize: windowBytes },
				maxSessionMemory: sessionMemory,
				...this.#tlsOptions(),
			},
		);
		const transport = createGrpcTransport({
			baseUrl: this.url,
			sessionManager: session,
			acceptCompression: [],
			binaryOptions: { readUnknownFields: false },
		});
		return {
			session,
			services: {
				kv: createClient(KV, transport),
				watch: createClient(Watch, transport),
				lease: createClient(Lease, transport),
				auth: createClient(Auth, transport),
			},
		};
	}

	#tlsOptions(): { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer } {
		const { ca, cert, key } = this.#tls;
		return {
			...(ca === undefined ? {} : { ca: read(ca) }),
			...(cert === undefined ? {} : { cert: read(cert) }),
			...(key === undefined ? {} : { key: read(key) }),
		};
	}
}

function read(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (error) {
		throw new NotConnected(`${path}: ${messageOf(error)}`, { cause: error });
	}
}

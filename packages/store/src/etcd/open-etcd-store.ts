import { PathkeeperError, type Runtime, randomBelow } from "@pathkeeper/model";
import type { Credentials } from "./auth-token.ts";
import type { EtcdTls } from "./endpoint.ts";
import type { EtcdStore } from "./etcd-store.ts";
import type { Patience } from "./http2-connection.ts";

export interface EtcdStoreOptions {
	/** Members of the cluster, such as `https://etcd1:2379`; all of them, since they are not asked for others. */
	readonly endpoints: readonly string[];
	readonly tls?: EtcdTls;
	/** User and password: both, or neither. */
	readonly username?: string;
	readonly password?: string;
	/** What all keys of the fleet begin with in etcd; ends in `/`. */
	readonly prefix?: string;
	/** What etcd may take on disk (`--quota-backend-bytes`), in bytes; absent: what etcd says, or its default. */
	readonly quota?: number;
	/** For one call with all its attempts, in milliseconds. */
	readonly callMs?: number;
	/** How many writes may be under way at once; more wait. */
	readonly writesInFlight?: number;
	/** How long a watch may be without a member that serves it before it throws STORE_UNAVAILABLE, in milliseconds. */
	readonly resumeMs?: number;
	readonly patience?: Partial<Patience>;
	readonly runtime: Runtime;
	/** Which endpoint to begin with; by default any, so that a fleet spreads over the members. */
	readonly first?: number;
}

export const defaultEtcdPrefix = "/pathkeeper/";

// etcd ends connections that are pinged more often than every 5 s (`--grpc-keepalive-min-time`).
const defaultPatience: Patience = { connectMs: 2000, pingMs: 7000, pongMs: 4000 };
const defaultCallMs = 6000;

/**
 * Opens a store in etcd (3.4 or newer). Connects with the first call, so a cluster that is down is no reason not to
 * start; what it takes is loaded here, so that who uses the embedded store only never loads it. Throws
 * PARAMETER_INVALID for options that make no sense.
 */
export async function openEtcdStore(options: EtcdStoreOptions): Promise<EtcdStore> {
	const { tls = {}, runtime, callMs = defaultCallMs } = options;
	const endpoints = checkedEndpoints(options.endpoints, tls);
	const [{ EtcdStore }, { Endpoint }, { Cluster }, { AuthToken }, { EtcdKeys }] = await Promise.all([
		import("./etcd-store.ts"),
		import("./endpoint.ts"),
		import("./cluster.ts"),
		import("./auth-token.ts"),
		import("./etcd-keys.ts"),
	]);
	const keys = new EtcdKeys(options.prefix ?? defaultEtcdPrefix);
	const patience = { ...defaultPatience, ...options.patience };
	const cluster = new Cluster({
		endpoints: endpoints.map((url) => new Endpoint(url, tls, patience, runtime)),
		first: (options.first ?? randomBelow(endpoints.length, runtime)) % endpoints.length,
		token: new AuthToken(credentialsIn(options), Math.ceil(callMs / 2)),
		callMs,
		runtime,
		writesInFlight: options.writesInFlight ?? 32,
	});
	return new EtcdStore(cluster, keys, runtime, options.resumeMs ?? 10_000, options.quota ?? null);
}

function credentialsIn({ username, password }: EtcdStoreOptions): Credentials | null {
	if (username === undefined && password === undefined) return null;
	if (username === undefined || password === undefined)
		throw invalid({ password: "user and password must be given together" });
	return { username, password };
}

/** Each as an origin. Throws PARAMETER_INVALID. */
function checkedEndpoints(endpoints: readonly string[], tls: EtcdTls): readonly string[] {
	if (endpoints.length === 0) throw invalid({ endpoints: "there is none" });
	if ((tls.cert === undefined) !== (tls.key === undefined))
		throw invalid({ tls: "a client certificate and its key must be given together" });
	const wantsTls = Object.values(tls).some((path) => path !== undefined);
	return endpoints.map((endpoint) => {
		const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
		if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search !== "")
			throw invalid({ endpoints: `'${endpoint}' is not like https://HOST:2379` });
		if (url.username !== "" || url.password !== "")
			throw invalid({ endpoints: "user and password do not belong in an address" });
		if (wantsTls && url.protocol !== "https:")
			throw invalid({ endpoints: `'${endpoint}' is not encrypted, but there are certificates to use` });
		return url.origin;
	});
}

function invalid(fields: Readonly<Record<string, string>>): PathkeeperError {
	return new PathkeeperError("PARAMETER_INVALID", { fields });
}

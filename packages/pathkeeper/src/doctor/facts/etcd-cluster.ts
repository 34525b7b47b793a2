import { readFileSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { StoreSpace } from "@pathkeeper/store";
import { realRuntime } from "../../runtime/real-runtime.ts";
import { notEncrypted } from "../../store/encrypted.ts";
import { type EtcdSettings, openStore } from "../../store/open-store.ts";
import { type Fact, factOf } from "./fact.ts";

/** What is known of the fleet's etcd. */
export interface EtcdFacts {
	readonly members: readonly EtcdMember[];
	/** What our own driver finds, with our certificate, user and prefix. */
	readonly space: Fact<StoreSpace>;
	/** The address that is reached without encryption; null: none. */
	readonly inTheClear: string | null;
	/** False: whoever reaches it may change it. */
	readonly weAuthenticate: boolean;
	/** Null: etcd has users, and tells that only to one who logs in. */
	readonly history: Fact<History | null>;
}

interface History {
	readonly revision: number;
	/** False: revision 1 is still kept although there are many. */
	readonly compacted: boolean;
}

export interface EtcdMember {
	readonly url: string;
	/** `3.5.16`; or why it was not told. */
	readonly version: Fact<string>;
	/** Code of the failure, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`; null: none, or it had no code. */
	readonly failure: string | null;
}

/** Status codes of gRPC, which etcd's JSON gateway puts into the body (grpc.io, "Status codes"). */
const grpc = { invalidArgument: 3, permissionDenied: 7, outOfRange: 11, unauthenticated: 16 } as const;

/** What etcd answers to one without a login; `invalidArgument` for an empty user name. */
const wantsLogin: ReadonlySet<number> = new Set([
	grpc.invalidArgument,
	grpc.permissionDenied,
	grpc.unauthenticated,
]);

/** An answer of the gateway that is not a result. */
class GatewayRefusal extends Error {
	/** Of gRPC; null: the body says none. */
	readonly code: number | null;

	constructor(message: string, body: string) {
		super(message);
		this.code = codeIn(body);
	}
}

function codeIn(body: string): number | null {
	try {
		const code = field(JSON.parse(body), "code");
		return typeof code === "number" ? code : null;
	} catch {
		return null;
	}
}

const deadlineMs = 8_000;
const answerBytes = 64 * 1024;

export async function gatherEtcd(settings: EtcdSettings): Promise<EtcdFacts> {
	const [members, space, history] = await Promise.all([
		Promise.all(settings.endpoints.map((url) => memberAt(url, settings))),
		factOf(2 * deadlineMs, () => spaceOf(settings)),
		factOf(deadlineMs, () => historyOf(settings)),
	]);
	const { cert } = settings.tls;
	return {
		members,
		space,
		inTheClear: notEncrypted(settings.endpoints),
		weAuthenticate: cert !== undefined || settings.user !== undefined,
		history,
	};
}

async function memberAt(url: string, settings: EtcdSettings): Promise<EtcdMember> {
	let failure: string | null = null;
	const version = await factOf(deadlineMs, async () => {
		try {
			const answer: unknown = JSON.parse(await ask(new URL("/version", url), settings, null));
			const text = field(answer, "etcdserver");
			if (typeof text !== "string") throw new Error("it does not report its version: this is not etcd");
			return text;
		} catch (error) {
			failure = error instanceof Error && "code" in error ? String(error.code) : null;
			throw error;
		}
	});
	return { url, version, failure };
}

async function spaceOf(settings: EtcdSettings): Promise<StoreSpace> {
	const store = await openStore(settings, realRuntime);
	try {
		return await store.space();
	} finally {
		await store.close();
	}
}

/** Null where the gateway wants a login of its own: it knows nobody by certificate (etcd, "gRPC gateway"). */
async function historyOf(settings: EtcdSettings): Promise<History | null> {
	try {
		return await historyByGateway(settings);
	} catch (error) {
		if (error instanceof GatewayRefusal && error.code !== null && wantsLogin.has(error.code)) return null;
		throw error;
	}
}

/** Whether etcd still keeps its first revision, by its JSON gateway. Throws where that refuses. */
async function historyByGateway(settings: EtcdSettings): Promise<History> {
	const [first] = settings.endpoints;
	const range = (revision: number) =>
		ask(new URL("/v3/kv/range", first), settings, {
			key: Buffer.from(settings.prefix).toString("base64"),
			count_only: true,
			revision: String(revision),
		});
	const revision = Number(field(field(JSON.parse(await range(0)), "header"), "revision"));
	if (!Number.isSafeInteger(revision)) throw new Error("etcd does not report its revision");
	try {
		await range(1);
		return { revision, compacted: false };
	} catch (error) {
		if (error instanceof GatewayRefusal && error.code === grpc.outOfRange)
			return { revision, compacted: true };
		throw error;
	}
}

function ask(url: URL, { tls }: EtcdSettings, body: object | null): Promise<string> {
	const file = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path));
	const options = {
		method: body === null ? "GET" : "POST",
		timeout: deadlineMs,
		agent: false,
		...(url.protocol === "https:" ? { ca: file(tls.ca), cert: file(tls.cert), key: file(tls.key) } : {}),
	} as const;
	const start = url.protocol === "https:" ? requestHttps : requestHttp;
	return new Promise((resolve, reject) => {
		const sent = start(url, options, (response) => {
			const chunks: Buffer[] = [];
			let bytes = 0;
			response.on("data", (chunk: Buffer) => {
				bytes += chunk.length;
				if (bytes > answerBytes) sent.destroy(new Error(`${url.host}: the answer is too long`));
				else chunks.push(chunk);
			});
			response.on("error", reject);
			response.on("end", () => {
				const text = Buffer.concat(chunks).toString("utf8");
				if (response.statusCode === 200) resolve(text);
				else reject(new GatewayRefusal(`${url.host}: ${response.statusCode} ${text.slice(0, 300)}`, text));
			});
		});
		sent.on("timeout", () => sent.destroy(new Error(`no answer within ${deadlineMs / 1000} s`)));
		sent.on("error", reject);
		sent.end(body === null ? undefined : JSON.stringify(body));
	});
}

function field(value: unknown, name: string): unknown {
	return value instanceof Object ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** The server is looked for by this name; Debian has it in the package `etcd-server`. */
const program = "etcd";
const readyMs = 20_000;

const running = new Set<EtcdProcess>();
process.on("exit", () => {
	for (const etcd of running) etcd.kill();
});

interface EtcdAddress {
	readonly name: string;
	readonly url: string;
	readonly peerUrl: string;
	/** Tells whether it serves, without certificates or users. */
	readonly healthUrl: string;
}

/** A real etcd on loopback, one member, with its data in a folder of its own. */
export class EtcdProcess {
	readonly name: string;
	readonly url: string;
	readonly peerUrl: string;
	readonly folder: string;
	readonly #healthUrl: string;
	readonly #flags: readonly string[];
	#child: ChildProcess | null = null;

	/** Does not start it yet. `others` are the other members that it begins with. */
	constructor(address: EtcdAddress, others: readonly EtcdAddress[] = [], flags: readonly string[] = []) {
		this.name = address.name;
		this.url = address.url;
		this.peerUrl = address.peerUrl;
		this.#healthUrl = address.healthUrl;
		this.folder = mkdtempSync(join(tmpdir(), "pathkeeper-etcd-"));
		const all = [address, ...others].map(({ name, peerUrl }) => `${name}=${peerUrl}`).sort();
		this.#flags = [`--initial-cluster=${all.join(",")}`, ...flags];
	}

	/** Starts it, again on the same data after it was stopped or killed; does not wait for it to serve. */
	start(): void {
		const log = openSync(join(this.folder, "log"), "a");
		const child = spawn(
			program,
			[
				`--name=${this.name}`,
				`--data-dir=${join(this.folder, "data")}`,
				`--listen-client-urls=${this.url}`,
				`--advertise-client-urls=${this.url}`,
				`--listen-peer-urls=${this.peerUrl}`,
				`--initial-advertise-peer-urls=${this.peerUrl}`,
				`--listen-metrics-urls=${this.#healthUrl}`,
				// Elections, and with them restarts and the shortest lease, take a second otherwise.
				"--heartbeat-interval=50",
				"--election-timeout=500",
				"--logger=zap",
				"--log-level=warn",
				...this.#flags,
			],
			{ stdio: ["ignore", log, log] },
		);
		child.on("error", (error) => {
			throw new Error(`'${program}' does not start; install it: apt-get install etcd-server`, {
				cause: error,
			});
		});
		this.#child = child;
		running.add(this);
	}

	/** Waits until it has a leader. */
	async serving(): Promise<void> {
		const deadline = performance.now() + readyMs;
		while (!(await this.#answers())) {
			if (this.#child === null || this.#child.exitCode !== null || performance.now() > deadline)
				throw new Error(
					`etcd does not serve: ${readFileSync(join(this.folder, "log"), "utf8").slice(-2000)}`,
				);
			await delay(20);
		}
	}

	/** Ends it as a crash does. */
	kill(): void {
		this.#child?.kill("SIGKILL");
	}

	async killed(): Promise<void> {
		await this.#end("SIGKILL");
	}

	async stop(): Promise<void> {
		await this.#end("SIGTERM");
	}

	/** Lets it hang: connections stay, nothing is answered. On a busy machine its threads stop a while after the signal. */
	async freeze(): Promise<void> {
		this.#child?.kill("SIGSTOP");
		while (!isStopped(this.#child?.pid)) await delay(1);
	}

	thaw(): void {
		this.#child?.kill("SIGCONT");
	}

	async dispose(): Promise<void> {
		await this.killed();
		rmSync(this.folder, { recursive: true, force: true });
	}

	async #end(signal: NodeJS.Signals): Promise<void> {
		const child = this.#child;
		if (child === null) return;
		child.kill(signal);
		if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
		running.delete(this);
		this.#child = null;
	}

	async #answers(): Promise<boolean> {
		try {
			return (await fetch(`${this.#healthUrl}/health`, { signal: AbortSignal.timeout(500) })).ok;
		} catch {
			return false;
		}
	}
}

/** Free ones on loopback. */
async function addresses(count: number, protocol: "http" | "https"): Promise<readonly EtcdAddress[]> {
	const ports = await freePorts(count * 3);
	const at = (n: number) => `127.0.0.1:${ports[n]}`;
	return Array.from({ length: count }, (_, n) => ({
		name: `m${n}`,
		url: `${protocol}://${at(3 * n)}`,
		peerUrl: `http://${at(3 * n + 1)}`,
		healthUrl: `http://${at(3 * n + 2)}`,
	}));
}

/** One member that serves already. */
export async function startEtcd(...flags: readonly string[]): Promise<EtcdProcess> {
	const protocol = flags.some((flag) => flag.startsWith("--cert-file")) ? "https" : "http";
	const [address] = await addresses(1, protocol);
	if (address === undefined) throw new Error("no address");
	const etcd = new EtcdProcess(address, [], flags);
	etcd.start();
	await etcd.serving();
	return etcd;
}

/** A cluster that serves already. */
export async function startEtcdCluster(members: number): Promise<readonly EtcdProcess[]> {
	const all = await addresses(members, "http");
	const cluster = all.map(
		(address) =>
			new EtcdProcess(
				address,
				all.filter((other) => other !== address),
			),
	);
	for (const etcd of cluster) etcd.start();
	await Promise.all(cluster.map((etcd) => etcd.serving()));
	return cluster;
}

async function freePorts(count: number): Promise<readonly number[]> {
	const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
	await Promise.all(servers.map((server) => once(server, "listening")));
	const ports = servers.map((server) => {
		const address = server.address();
		return typeof address === "object" && address ? address.port : 0;
	});
	await Promise.all(servers.map((server) => once(server.close(), "close")));
	return ports;
}

/** A request to etcd's JSON gateway, for what the store itself never asks; its answer is not looked at. */
export async function gateway(etcd: EtcdProcess, path: string, body: object, token = ""): Promise<unknown> {
	const headers = token === "" ? {} : { authorization: token };
	const response = await fetch(`${etcd.url}/v3/${path}`, {
		method: "POST",
		headers,
		body: JSON.stringify(body),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`${path}: ${text}`);
	return JSON.parse(text);
}

/** Waits until etcd has reported progress this many times to a new watch of a key that does not exist. */
export async function progressOfWatch(etcd: EtcdProcess, times: number): Promise<void> {
	const create = { key: Buffer.from("/nothing").toString("base64"), progress_notify: true };
	const response = await fetch(`${etcd.url}/v3/watch`, {
		method: "POST",
		body: JSON.stringify({ create_request: create }),
	});
	let text = "";
	// The first line says that the watch was created.
	for await (const piece of response.body ?? []) {
		text += Buffer.from(piece).toString();
		if (text.split("\n").length > times + 1) return;
	}
	throw new Error(`the watch ended: ${text}`);
}

/** True when every thread of the process is in state T (proc_pid_stat(5)). */
function isStopped(pid: number | undefined): boolean {
	if (pid === undefined) return true;
	return readdirSync(`/proc/${pid}/task`).every((thread) => {
		const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
		return stat.charAt(stat.lastIndexOf(")") + 2) === "T";
	});
}

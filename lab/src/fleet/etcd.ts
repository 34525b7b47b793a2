/** The fleet's store: a real etcd on this machine's loopback, for who shows a certificate of the lab. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePorts } from "../free-ports.ts";
import type { ProcessIdentity } from "../guest/process-identity.ts";
import { until } from "../until.ts";
import { BackgroundProgram } from "./background-program.ts";
import type { Certificates } from "./certificates.ts";

/** Where it listens; the same after each restart. */
export interface EtcdPorts {
	readonly client: number;
	readonly peer: number;
	readonly health: number;
}

export class Etcd {
	readonly ports: EtcdPorts;
	readonly #folder: string;
	readonly #certificates: Certificates;
	readonly #owner: ProcessIdentity | null;
	readonly #program: BackgroundProgram;

	/** One that was started before, or will be. */
	constructor(folder: string, certificates: Certificates, ports: EtcdPorts, owner: ProcessIdentity | null) {
		this.#folder = folder;
		this.#certificates = certificates;
		this.ports = ports;
		this.#owner = owner;
		this.#program = new BackgroundProgram(folder, "etcd");
	}

	/** A new one that serves, with its data in `folder`. */
	static async start(
		folder: string,
		certificates: Certificates,
		owner: ProcessIdentity | null,
	): Promise<Etcd> {
		mkdirSync(folder, { recursive: true });
		const [client = 0, peer = 0, health = 0] = await freePorts(3);
		const etcd = new Etcd(folder, certificates, { client, peer, health }, owner);
		await etcd.start();
		return etcd;
	}

	/** Starts it, again on the same data after `stop`, and waits until it serves. */
	async start(): Promise<void> {
		const { client, peer, health } = this.ports;
		const { ca, server } = this.#certificates;
		const clientUrl = `https://127.0.0.1:${client}`;
		const peerUrl = `http://127.0.0.1:${peer}`;
		const healthUrl = `http://127.0.0.1:${health}`;
		const argv = [
			"etcd",
			"--name=lab",
			`--data-dir=${join(this.#folder, "data")}`,
			`--listen-client-urls=${clientUrl}`,
			`--advertise-client-urls=${clientUrl}`,
			`--listen-peer-urls=${peerUrl}`,
			`--initial-advertise-peer-urls=${peerUrl}`,
			`--initial-cluster=lab=${peerUrl}`,
			`--listen-metrics-urls=${healthUrl}`,
			"--client-cert-auth",
			`--trusted-ca-file=${ca}`,
			`--cert-file=${server.cert}`,
			`--key-file=${server.key}`,
			"--logger=zap",
			"--log-level=warn",
		];
		await this.#program.start(argv, { owner: this.#owner });
		const serves = async () => {
			this.#program.checkAlive();
			const answer = await fetch(`${healthUrl}/health`, { signal: AbortSignal.timeout(2000) }).catch(
				() => null,
			);
			return answer?.ok === true;
		};
		await until("etcd serving", serves, { timeout: 120_000 });
	}

	/** Ends it as a power failure would; what it had promised is on its disk. */
	async kill(): Promise<void> {
		await this.#program.stop("SIGKILL");
	}
}

/**
 * Pathkeeper's server on this machine, over HTTPS, and who asks it: the command line as a person would use it from
 * elsewhere, and a plain request for what tests ask again and again, because a program started for each question takes
 * the processor from the guests.
 */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import type { ProcessIdentity } from "../guest/process-identity.ts";
import { LabError } from "../lab-error.ts";
import { type ProgramResult, tryProgram } from "../run-program.ts";
import { bundle } from "../shared-guest.ts";
import { member, parseJson } from "../unknown-json.ts";
import { until } from "../until.ts";
import { BackgroundProgram } from "./background-program.ts";
import type { Certificates } from "./certificates.ts";
import { type FleetStatus, fleetStatusFrom } from "./fleet-status.ts";

/** How to reach a server, as the command line takes it from the environment. */
export interface ServerAccess {
	readonly url: string;
	readonly token: string;
	/** Path of the server's own certificate. */
	readonly ca: string;
}

export class FleetServer {
	readonly access: ServerAccess;

	constructor(access: ServerAccess) {
		this.access = access;
	}

	/** Starts one over an etcd, and makes a token of the first administrator. The socket's path must be short. */
	static async start(
		folder: string,
		options: {
			readonly sockets: string;
			readonly etcdPort: number;
			readonly certificates: Certificates;
			readonly owner: ProcessIdentity | null;
		},
	): Promise<FleetServer> {
		const { ca, client } = options.certificates;
		const socket = join(options.sockets, "api.sock");
		const program = new BackgroundProgram(folder, "server");
		const place = ["--socket", socket, "daemon", "--role", "server", "--state", join(folder, "server-state")];
		const etcd = ["--etcd", `https://127.0.0.1:${options.etcdPort}`, "--etcd-ca", ca];
		const credentials = ["--etcd-cert", client.cert, "--etcd-key", client.key];
		await program.start(
			[process.execPath, bundle, ...place, ...etcd, ...credentials, "--listen", "127.0.0.1:0"],
			{ owner: options.owner, env: ownEnvironment() },
		);
		const served = await until(
			"HTTPS being served",
			async () => {
				program.checkAlive();
				return program.printed
					.split("\n")
					.map(parseJson)
					.find((line) => member(line, "msg") === "serving HTTPS");
			},
			{ timeout: 120_000 },
		);
		const made = parseJson(
			await until(
				"a token",
				async () => {
					const argv = ["--socket", socket, "-o", "json", "token", "add", "root@local!lab", "--no-privsep"];
					const { code, stdout } = await tryProgram([process.execPath, bundle, ...argv]);
					return code === 0 && stdout;
				},
				{ timeout: 120_000, every: 1000 },
			),
		);
		const [url, ownCa, token] = [
			member(served, "https"),
			member(served, "certificate"),
			member(made, "token"),
		];
		if (typeof url !== "string" || typeof ownCa !== "string" || typeof token !== "string")
			throw new LabError(`the server does not say how to reach it: ${program.printed.slice(-2000)}`);
		return new FleetServer({ url, token, ca: ownCa });
	}

	/** One command line of ours, from elsewhere; every exit code is an answer. */
	async cli(...args: readonly string[]): Promise<ProgramResult> {
		return await tryProgram([process.execPath, bundle, ...args], {
			timeout: 300_000,
			env: serverEnvironment(this.access),
		});
	}

	/** As `cli`, but it has to succeed; its stdout. */
	async run(...args: readonly string[]): Promise<string> {
		const { code, stdout, stderr } = await this.cli(...args);
		if (code === 0) return stdout;
		throw new LabError(`pathkeeper ${args.join(" ")}: exit code ${code}\n${stdout}${stderr}`);
	}

	/** The fleet as the server judges it; undefined when it answers with an error. */
	async status(): Promise<FleetStatus | undefined> {
		return fleetStatusFrom(await this.get("/cluster/multipath/status"));
	}

	/** `data` of an answer; undefined for an error, and when nobody answers. */
	async get(path: string): Promise<unknown> {
		const { url, ca, token } = this.access;
		return await new Promise((resolve) => {
			const sent = request(
				`${url}/api2/json${path}`,
				{
					ca: readFileSync(ca),
					headers: { authorization: `PVEAPIToken=${token}` },
					agent: false,
					timeout: 30_000,
				},
				(response) => {
					const chunks: Buffer[] = [];
					response.on("data", (chunk: Buffer) => chunks.push(chunk));
					response.on("error", () => resolve(undefined));
					response.on("end", () => {
						const body = parseJson(Buffer.concat(chunks).toString());
						resolve(response.statusCode === 200 ? member(body, "data") : undefined);
					});
				},
			);
			sent.on("timeout", () => sent.destroy());
			sent.on("error", () => resolve(undefined));
			sent.end();
		});
	}
}

/** What makes the command line ask this server. */
export function serverEnvironment({
	url,
	token,
	ca,
}: ServerAccess): Readonly<Record<string, string | undefined>> {
	return { ...ownEnvironment(), PATHKEEPER_SERVER: url, PATHKEEPER_TOKEN: token, PATHKEEPER_CA: ca };
}

/** A machine may have settings of its own, which must not come into the lab. */
function ownEnvironment(): Readonly<Record<string, string | undefined>> {
	return Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) => !name.startsWith("PATHKEEPER_") || name === "PATHKEEPER_LOG",
		),
	);
}

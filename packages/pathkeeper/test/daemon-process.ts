/** The real daemon as a child process, on temporary folders; and the real command line. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Io, runProgram } from "@pathkeeper/cli";
import { vi } from "vitest";
import { simCommand } from "../src/simulator/sim-command.ts";
import { storeCommand } from "../src/store/store-copy-command.ts";
import { version } from "../src/version.ts";

export const main = join(import.meta.dirname, "../src/main.ts");

/** A daemon starts within a second; with many at a time on a small machine it takes much longer. */
const waitMs = 90_000;
vi.setConfig({ testTimeout: 3 * waitMs, hookTimeout: 3 * waitMs });

const running = new Set<ChildProcess>();
process.on("exit", () => {
	for (const child of running) child.kill("SIGKILL");
});

export interface LogLine {
	readonly msg: string;
	readonly level: string;
	readonly [fact: string]: unknown;
}

export interface Reply {
	readonly status: number;
	readonly reason: string;
	readonly data: unknown;
	readonly simulated: boolean;
}

export class DaemonProcess implements AsyncDisposable {
	readonly folder: string;
	readonly socket: string;
	readonly #args: readonly string[];
	readonly #env: Readonly<Record<string, string>>;
	readonly #nodeArgs: readonly string[];
	readonly #program: string;
	readonly #user: number | null;
	#child: ChildProcess | null = null;
	#out = "";
	#err = "";

	/** Not started yet. `nodeArgs` go to Node itself; without a `program` it runs from the sources. */
	constructor(
		args: readonly string[],
		more: {
			readonly env?: Readonly<Record<string, string>>;
			readonly nodeArgs?: readonly string[];
			readonly program?: string;
			/** Runs as this user and group; only root can do so. */
			readonly user?: number;
		} = {},
	) {
		this.folder = mkdtempSync(join(tmpdir(), "pk-daemon-"));
		this.#user = more.user ?? null;
		if (this.#user !== null) chownSync(this.folder, this.#user, this.#user);
		// In a folder that is made at the start, as /run/pathkeeper is.
		this.socket = join(this.folder, "run", "api.sock");
		this.#args = args;
		this.#env = more.env ?? {};
		this.#nodeArgs = more.nodeArgs ?? [];
		this.#program = more.program ?? main;
		// A machine may have one of its own.
		writeFileSync(join(this.folder, "settings"), "");
	}

	/** Starts one and waits until it is ready; what it wrote is in the error when it ends instead. */
	static async start(
		args: readonly string[],
		more: ConstructorParameters<typeof DaemonProcess>[1] = {},
	): Promise<DaemonProcess> {
		const daemon = new DaemonProcess(args, more);
		daemon.spawn();
		await daemon.says("pathkeeper is ready");
		return daemon;
	}

	spawn(): void {
		this.#out = "";
		this.#err = "";
		const given = this.#args.includes("--settings") ? [] : ["--settings", join(this.folder, "settings")];
		const child = spawn(
			process.execPath,
			[
				...this.#nodeArgs,
				this.#program,
				...["--socket", this.socket, "daemon", "--state", join(this.folder, "state")],
				...[...given, ...this.#args],
			],
			{
				stdio: ["ignore", "pipe", "pipe"],
				env: { ...cleanEnvironment(), ...this.#env },
				...(this.#user === null ? {} : { uid: this.#user, gid: this.#user }),
			},
		);
		child.stdout.on("data", (chunk: Buffer) => {
			this.#out += chunk.toString();
		});
		child.stderr.on("data", (chunk: Buffer) => {
			this.#err += chunk.toString();
		});
		running.add(child);
		this.#child = child;
	}

	/** All that it printed, the log included. */
	get printed(): string {
		return this.#out + this.#err;
	}

	get pid(): number | undefined {
		return this.#child?.pid;
	}

	get stateFolder(): string {
		return join(this.folder, "state");
	}

	/** The first line of the log with this message; waits for it. */
	async says(message: string): Promise<LogLine> {
		for (const end = Date.now() + waitMs; ; await delay(20)) {
			const line = this.#log().find(({ msg }) => msg === message);
			if (line !== undefined) return line;
			if (this.#child?.exitCode !== null || Date.now() > end)
				throw new Error(`the daemon did not say '${message}': ${this.printed}`);
		}
	}

	/** Its exit code when it has ended; null when a signal did that. */
	async ended(): Promise<number | null> {
		const child = this.#child;
		if (child === null) return null;
		if (child.exitCode === null && child.signalCode === null) await once(child, "close");
		running.delete(child);
		this.#child = null;
		return child.exitCode;
	}

	async stop(): Promise<number | null> {
		this.#child?.kill("SIGTERM");
		return await this.ended();
	}

	async kill(): Promise<void> {
		this.#child?.kill("SIGKILL");
		await this.ended();
	}

	/** Where it serves HTTPS, and what its certificate is. */
	async https(): Promise<{ readonly url: string; readonly fingerprint: string; readonly ca: string }> {
		const { https, fingerprint, certificate } = await this.says("serving HTTPS");
		return { url: String(https), fingerprint: String(fingerprint), ca: String(certificate) };
	}

	/** The first administrator's password, from the file that the log names. */
	async password(): Promise<string> {
		const { path } = await this.says(
			"the first administrator's password is in this file; it is removed when that user logs in",
		);
		return readFileSync(String(path), "utf8").split("\n")[1] ?? "";
	}

	/** A call over HTTPS by the certificate that the daemon made. */
	async call(
		method: string,
		path: string,
		{ headers = {}, body }: { headers?: Readonly<Record<string, string>>; body?: object } = {},
	): Promise<Reply> {
		const { url, ca } = await this.https();
		return await new Promise((resolve, reject) => {
			const sent = request(
				`${url}/api2/json${path}`,
				{
					method,
					ca: readFileSync(ca),
					headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
					agent: false,
				},
				(response) => {
					let text = "";
					response.on("data", (chunk: Buffer) => {
						text += chunk.toString();
					});
					response.on("end", () => {
						const document: unknown = JSON.parse(text);
						const fields = new Map(Object.entries(document instanceof Object ? document : {}));
						resolve({
							status: response.statusCode ?? 0,
							reason: response.statusMessage ?? "",
							data: fields.get("data"),
							simulated: fields.get("simulated") === 1,
						});
					});
				},
			);
			sent.on("error", reject);
			sent.end(body === undefined ? undefined : JSON.stringify(body));
		});
	}

	/** Logs in as the first administrator; gives the headers of a browser. */
	async session(password: string): Promise<Readonly<Record<string, string>>> {
		const { data, reason } = await this.call("POST", "/access/ticket", {
			body: { username: "root@local", password },
		});
		const fields = new Map(Object.entries(data instanceof Object ? data : {}));
		if (!fields.has("ticket")) throw new Error(`no login: ${reason}`);
		return {
			cookie: `PVEAuthCookie=${encodeURIComponent(String(fields.get("ticket")))}`,
			csrfpreventiontoken: String(fields.get("CSRFPreventionToken")),
		};
	}

	/** Runs the command line against the local socket. */
	async cli(...args: readonly string[]): Promise<CliRun> {
		return await cli(["--socket", this.socket, ...args]);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.kill();
		rmSync(this.folder, { recursive: true, force: true });
	}

	#log(): readonly LogLine[] {
		return this.#err
			.split("\n")
			.slice(0, -1)
			.flatMap((line): LogLine[] => {
				try {
					return [JSON.parse(line)];
				} catch {
					return [];
				}
			});
	}
}

export interface CliRun {
	readonly code: number;
	readonly out: string;
	readonly err: string;
}

/** Runs the command line as the executable does, in this process: many are run, and each start takes a second. */
export async function cli(
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<CliRun> {
	const printed = { out: "", err: "" };
	const io: Io = {
		out: (text) => {
			printed.out += text;
		},
		err: (text) => {
			printed.err += text;
		},
		isTerminal: false,
		columns: null,
		showsProgress: false,
		canAsk: false,
		env,
		readFile: (path) => readFileSync(path, "utf8"),
		confirm: () => Promise.resolve(false),
		edit: () => Promise.reject(new Error("there is no editor")),
		now: Date.now,
		monotonic: () => performance.now(),
		sleep: (ms) => delay(ms),
	};
	const code = await runProgram(args, { io, version, extra: [storeCommand(io), simCommand(io)] });
	return { code, ...printed };
}

/** Waits until something holds, as long as a crowded machine may need. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
	for (const end = Date.now() + waitMs; !(await holds()); await delay(100))
		if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
}

function cleanEnvironment(): Readonly<Record<string, string | undefined>> {
	return Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !/^(PATHKEEPER_|NOTIFY_|NODE_OPTIONS|VITEST)/.test(name)),
	);
}

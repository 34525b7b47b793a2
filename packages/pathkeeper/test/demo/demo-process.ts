/** `pathkeeper demo` as a process of its own, by somebody who is not root where that can be. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { main } from "../daemon-process.ts";

/** What a demo tells programs when it is ready. */
export interface ReadyDemo {
	readonly simulated: number;
	readonly pid: number;
	readonly folder: string;
	readonly socket: string;
	readonly url: string | null;
	readonly fingerprint: string | null;
	readonly problem: string | null;
	readonly user: string;
	readonly password: string;
	readonly port: string | null;
	readonly candidate: string | null;
}

/** Only root can become somebody else. */
export const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** A folder for temporary files, in which everybody may make some, as in /tmp. */
export class TemporaryFolder implements Disposable {
	readonly path = mkdtempSync(join(tmpdir(), "pk-demos-"));

	constructor() {
		chmodSync(this.path, 0o1777);
	}

	get names(): readonly string[] {
		return readdirSync(this.path).toSorted();
	}

	[Symbol.dispose](): void {
		rmSync(this.path, { recursive: true, force: true });
	}
}

export interface DemoStart {
	readonly temporary: string;
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly program?: string;
	/** A program, with arguments, that runs the command that follows; it begins as root where that can be. */
	readonly through?: readonly string[];
}

export class DemoProcess implements AsyncDisposable {
	readonly child: ChildProcess;
	out = "";
	err = "";

	constructor({ temporary, args = [], env = {}, program = main, through }: DemoStart) {
		const [first = "", ...words] = [...(through ?? []), process.execPath, program, ...args];
		this.child = spawn(first, words, {
			stdio: ["ignore", "pipe", "pipe"],
			cwd: "/",
			env: { PATH: process.env["PATH"], TMPDIR: temporary, ...env },
			...(through === undefined ? nobody : {}),
		});
		this.child.stdout?.on("data", (chunk: Buffer) => {
			this.out += chunk.toString();
		});
		this.child.stderr?.on("data", (chunk: Buffer) => {
			this.err += chunk.toString();
		});
	}

	/** Waits until it is ready; it has to be started with `-o json`. */
	async ready(): Promise<ReadyDemo> {
		await this.prints("\n");
		return JSON.parse(this.out);
	}

	/** Waits until a text stands in its output. */
	async prints(text: string): Promise<void> {
		while (!this.out.includes(text)) {
			if (this.child.exitCode !== null || this.child.signalCode !== null)
				throw new Error(`the demo has ended: ${this.out}${this.err}`);
			await delay(50);
		}
	}

	/** Its exit code; null when a signal killed it. */
	async ended(): Promise<number | null> {
		if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "close");
		return this.child.exitCode;
	}

	async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
		this.child.kill(signal);
		return await this.ended();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.end("SIGKILL");
	}
}

/** Starts one and waits until it is ready; `args` come after `demo`. */
export async function startDemo(
	temporary: string,
	args: readonly string[] = [],
	more: Omit<DemoStart, "temporary" | "args"> = {},
): Promise<{ readonly demo: DemoProcess; readonly ready: ReadyDemo }> {
	const demo = new DemoProcess({ temporary, args: ["-o", "json", "demo", ...args], ...more });
	return { demo, ready: await demo.ready() };
}

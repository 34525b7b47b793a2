/** A demo in a folder of its own, and what a reader types beside it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { CommandBlock } from "../../docs/commands.ts";

const program = resolve("packages/pathkeeper/src/main.ts");

/**
 * `pathkeeper` as the reader has it. What `status` and `config diff` find is in their exit code, so those that the
 * documents name are no failure of the command.
 */
const shellFunction = `pathkeeper() {
	code=0
	${process.execPath} ${program} "$@" || code=$?
	case "$*" in
	status | "--output json status") [ $code -le 3 ] ;;
	"config diff") [ $code -le 1 ] ;;
	*) return $code ;;
	esac
}
`;

export interface Ended {
	readonly code: number | null;
	/** Both streams. */
	readonly printed: string;
}

export class RunningDemo {
	readonly #child: ChildProcess;
	readonly #folder: string;
	readonly #socket: string;

	private constructor(child: ChildProcess, folder: string, socket: string) {
		this.#child = child;
		this.#folder = folder;
		this.#socket = socket;
	}

	/** Starts one without a web page, and waits until it says where its socket is. */
	static async start(): Promise<RunningDemo> {
		const child = spawn(process.execPath, [program, "-o", "json", "demo", "--listen", "off"], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		const socket = await new Promise<string>((found, failed) => {
			let text = "";
			child.stdout.on("data", (chunk: Buffer) => {
				text += chunk.toString();
				const [, path] = /"socket":"([^"]+)"/.exec(text) ?? [];
				if (path !== undefined) found(path);
			});
			child.on("exit", (code) => failed(new Error(`the demo ended with ${code}: ${text}`)));
		});
		return new RunningDemo(child, mkdtempSync(join(tmpdir(), "pk-reader-")), socket);
	}

	/** Runs a block as the reader would: line by line, until one fails. */
	async run({ lines }: CommandBlock): Promise<Ended> {
		const script = join(this.#folder, ".block");
		writeFileSync(script, `set -eu\n${shellFunction}${lines.join("\n")}\n`);
		return await new Promise((done) => {
			const env = { ...process.env, PATHKEEPER_SOCKET: this.#socket };
			execFile("sh", [script], { cwd: this.#folder, env }, (error, stdout, stderr) =>
				done({ code: error === null ? 0 : 1, printed: `${stdout}${stderr}` }),
			);
		});
	}

	async stop(): Promise<void> {
		if (this.#child.exitCode === null) {
			this.#child.kill("SIGINT");
			await once(this.#child, "exit");
		}
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

/** Runs a block that goes on until Ctrl-C, presses it as soon as `ready` was printed, and waits for the end. */
export async function runUntilCtrlC({ lines }: CommandBlock, ready: string): Promise<Ended> {
	// A process group of its own, as a terminal gives it: Ctrl-C reaches all of it.
	const child = spawn("sh", ["-eu", "-c", `${shellFunction}${lines.join("\n")}`], {
		stdio: ["ignore", "pipe", "pipe"],
		detached: true,
	});
	let printed = "";
	let pressed = false;
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (chunk: Buffer) => {
			printed += chunk.toString();
			if (pressed || child.pid === undefined || !printed.includes(ready)) return;
			pressed = true;
			process.kill(-child.pid, "SIGINT");
		});
	await once(child, "exit");
	return { code: pressed ? 0 : child.exitCode, printed };
}

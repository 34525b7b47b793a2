/** Runs a program of this machine with an argument list, never through a shell, and never without a deadline. */
import { spawn } from "node:child_process";
import { LabError } from "./lab-error.ts";

export interface ProgramResult {
	/** Exit code; -1 when a signal ended it. */
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

export interface ProgramOptions {
	/** Milliseconds until the program is killed; 60,000 unless told. */
	readonly timeout?: number;
	readonly input?: string | Uint8Array;
	/** This process's own unless told. */
	readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What the program answered, whatever its exit code. Throws LabError when it cannot start or overruns its time. */
export async function tryProgram(
	argv: readonly [string, ...string[]],
	options: ProgramOptions = {},
): Promise<ProgramResult> {
	const { timeout = 60_000, input, env = process.env } = options;
	const [program, ...args] = argv;
	return await new Promise((resolve, reject) => {
		const child = spawn(program, args, { stdio: "pipe", env });
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
		child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
		const fail = (problem: string, cause?: unknown) => {
			const said = Buffer.concat([...stdout, ...stderr])
				.toString()
				.trim()
				.slice(-2000);
			reject(new LabError(`${shortened(argv)}: ${problem}\n${said}`, { cause }));
		};
		const deadline = setTimeout(() => {
			child.kill("SIGKILL");
			fail(`did not finish within ${timeout / 1000} s`);
			// ssh hands its output to the process of its shared connection, which would keep it open for as long as it hangs.
			child.stdout.destroy();
			child.stderr.destroy();
		}, timeout);
		child.on("error", (cause) => {
			clearTimeout(deadline);
			fail(cause.message, cause);
		});
		child.on("close", (code) => {
			clearTimeout(deadline);
			resolve({
				code: code ?? -1,
				stdout: Buffer.concat(stdout).toString(),
				stderr: Buffer.concat(stderr).toString(),
			});
		});
		child.stdin.on("error", () => {
			// The program may end without reading its input; its exit code tells.
		});
		child.stdin.end(input ?? "");
	});
}

/** The program's stdout. Throws LabError with everything it said when its exit code is not 0. */
export async function runProgram(
	argv: readonly [string, ...string[]],
	options: ProgramOptions = {},
): Promise<string> {
	const result = await tryProgram(argv, options);
	if (result.code !== 0) {
		const said = `${result.stdout}${result.stderr}`.trim().slice(-4000);
		throw new LabError(`${shortened(argv)}: exit code ${result.code}\n${said}`);
	}
	return result.stdout;
}

function shortened(argv: readonly string[]): string {
	const text = argv.join(" ");
	return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

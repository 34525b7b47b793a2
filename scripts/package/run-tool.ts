import { spawnSync } from "node:child_process";

/** Runs a program of the system; throws an Error with all that it wrote when it fails. Its language is C's. */
export function runTool(
	argv: readonly [string, ...string[]],
	{ cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): string {
	const [program, ...args] = argv;
	const { status, stdout, stderr, error } = spawnSync(program, args, {
		cwd,
		encoding: "utf8",
		env: { ...process.env, LC_ALL: "C.UTF-8", TZ: "UTC", ...env },
		maxBuffer: 64 * 1024 * 1024,
	});
	if (error) throw new Error(`${program} could not be started`, { cause: error });
	if (status !== 0) throw new Error(`${argv.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
	return stdout;
}

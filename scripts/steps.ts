/** Runs the steps of a command one after another and says how each ended. */
import { spawnSync } from "node:child_process";

export interface Step {
	readonly name: string;
	readonly argv: readonly string[];
}

/** Runs a program with our standard streams; its exit code, or 1 when it could not be started. */
export function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): number {
	const [program = "", ...args] = argv;
	const { status, error } = spawnSync(program, args, {
		stdio: ["ignore", "inherit", "inherit"],
		env: { ...process.env, ...env },
	});
	if (error) console.error(`${program}: ${error.message}`);
	return status ?? 1;
}

/** Runs every step even after a failure, so that one run shows everything; names of those that failed. */
export function runSteps(steps: readonly Step[]): string[] {
	return steps.flatMap(({ name, argv }) => {
		console.error(`== ${name}`);
		return run(argv) === 0 ? [] : [name];
	});
}

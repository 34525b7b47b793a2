/** Programs that run in the background and end with the process that they were started for. */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import type { ProcessIdentity } from "./guest/process-identity.ts";

/**
 * The shell is the program's parent, so the program's number cannot come to mean another process while it watches the
 * owner. It writes that number to the file it is told.
 */
const watchedByOwner = `
owner=$1 pidfile=$2; shift 2
"$@" & program=$!
trap 'kill -9 $program' TERM INT
[ -z "$pidfile" ] || { echo $program > "$pidfile.new"; mv "$pidfile.new" "$pidfile"; }
if [ "$owner" != 0 ]; then
	( while [ -d "/proc/$owner" ]; do sleep 1; done; kill -9 $program ) & watcher=$!
fi
wait $program
[ "$owner" = 0 ] || kill $watcher
`;

/**
 * Runs a program detached from this process, its output at the end of `log`. What is given is the shell that watches
 * it; SIGTERM to that kills the program. Without an owner it goes on for as long as it likes.
 */
export function spawnOwned(
	argv: readonly string[],
	options: {
		readonly owner: ProcessIdentity | null;
		readonly log: string;
		readonly pidFile?: string;
		readonly env?: Readonly<Record<string, string | undefined>>;
	},
): ChildProcess {
	const { owner, log, pidFile = "", env = process.env } = options;
	const output = openSync(log, "a");
	const child = spawn("sh", ["-c", watchedByOwner, "lab", String(owner?.pid ?? 0), pidFile, ...argv], {
		detached: true,
		stdio: ["ignore", output, output],
		env,
	});
	child.unref();
	return child;
}

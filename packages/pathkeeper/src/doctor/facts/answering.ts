/**
 * Whether what a path leads to can be looked at, found out in a child. A file system whose device or server is dead
 * holds whoever touches it in the kernel, where no deadline of ours ends it and no signal either: a child can be left
 * behind, we could not. What the child has read is in memory afterwards, so that our own look does not wait.
 */
import type { RunProgram } from "@pathkeeper/host";
import { PathkeeperError } from "@pathkeeper/model";

const deadlineMs = 5_000;
/** More than any file of ours; the child keeps nothing of it. */
const mostBytes = 1024 * 1024;

/** Resolves when each path has been opened and read, or is not there, or may not be read. Throws for one that hangs. */
export async function answering(run: RunProgram, paths: readonly string[]): Promise<void> {
	await Promise.all([...new Set(paths)].map((path) => readIn(run, path)));
}

async function readIn(run: RunProgram, path: string): Promise<void> {
	const options = { deadlineMs, stuckAs: `look at ${path}`, outputBytes: 2 * mostBytes };
	try {
		// Of a folder it says that it is one, after it has looked.
		const { stderr } = await run("head", [`--bytes=${mostBytes}`, "--", path], options);
		if (stderr.includes("Is a directory")) await run("ls", ["-U", "--", path], options);
	} catch (error) {
		if (!(error instanceof PathkeeperError) || !/^PROCESS_(?:DEADLINE|STUCK)$/.test(error.code)) throw error;
		throw new Error(
			`${path} does not answer within ${deadlineMs / 1000} s: the device or server of its file system may be dead`,
			{ cause: error },
		);
	}
}

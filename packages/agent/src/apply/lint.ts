import type { MultipathTools } from "@pathkeeper/host";
import { PathkeeperError } from "@pathkeeper/model";

/**
 * Lets the installed `multipath -t` read the new files. Throws LINT_FAILED when it complains about one of them,
 * crashes or hangs; complaints about other people's files are theirs.
 */
export async function lintOurFiles(tools: MultipathTools, paths: readonly string[]): Promise<void> {
	const { complaints } = await lint(tools);
	const ours = complaints.filter((line) => paths.some((path) => line.includes(path)));
	if (ours.length > 0) throw new PathkeeperError("LINT_FAILED", { values: { problem: ours.join("; ") } });
}

async function lint(tools: MultipathTools) {
	try {
		return await tools.lint();
	} catch (error) {
		if (
			error instanceof PathkeeperError &&
			(error.code === "PROCESS_FAILED" || error.code === "PROCESS_DEADLINE")
		) {
			throw new PathkeeperError("LINT_FAILED", { values: { problem: error.message }, cause: error });
		}
		throw error;
	}
}

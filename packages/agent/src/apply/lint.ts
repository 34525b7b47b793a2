import { type MultipathTools, placeOf } from "@pathkeeper/host";
import { type EffectiveConf, PathkeeperError, readEffective } from "@pathkeeper/model";

/**
 * Lets the installed `multipath -t` read the files on disk and gives what they come to. Throws LINT_FAILED when it
 * complains about one of `paths`, PROCESS_FAILED or PROCESS_DEADLINE when it refuses the configuration, crashes over it
 * or hangs; complaints about other people's files are theirs.
 */
export async function lintOurFiles(tools: MultipathTools, paths: readonly string[]): Promise<EffectiveConf> {
	const { complaints, effective } = await tools.lint();
	const ours = complaints.filter((line) => paths.includes(placeOf(line)?.file ?? ""));
	if (ours.length > 0) throw new PathkeeperError("LINT_FAILED", { problem: ours.join("; ") });
	return readEffective(effective);
}

/** True for a program that could not read the configuration: it tells no difference between ours and others' files. */
export function isUnreadableConf(error: unknown): error is PathkeeperError {
	return (
		error instanceof PathkeeperError && (error.code === "PROCESS_FAILED" || error.code === "PROCESS_DEADLINE")
	);
}

/**
 * Whose fault it is that `multipath -t` does not get through, found out after our previous files are back: when it
 * still does not, another file of the host is to blame.
 */
export async function blame(tools: MultipathTools, error: unknown): Promise<unknown> {
	if (!isUnreadableConf(error)) return error;
	const problem = await tools.lint().then(
		() => null,
		(again: unknown) => (isUnreadableConf(again) ? again.message : null),
	);
	return problem === null
		? new PathkeeperError("LINT_FAILED", { problem: error.message }, { cause: error })
		: hostConfBroken(error);
}

export function hostConfBroken(error: PathkeeperError): PathkeeperError {
	return new PathkeeperError("HOST_CONF_BROKEN", { problem: error.message }, { cause: error });
}

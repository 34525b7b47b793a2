import { compareToolsVersions, type Finding } from "@pathkeeper/model";

/**
 * A finding when the running daemon is of another version than the installed program: an upgrade without a restart.
 * Null when they agree or one of them is not known.
 */
export function restartNeeded(daemon: string | null, program: string | null): Finding | null {
	if (daemon === null || program === null || compareToolsVersions(daemon, program) === 0) return null;
	return {
		code: "multipathd-restart-needed",
		severity: "warning",
		subject: null,
		text:
			`multipathd ${daemon} runs, but multipath-tools ${program} is installed; ` +
			"restart it in a quiet hour: systemctl restart multipathd",
	};
}

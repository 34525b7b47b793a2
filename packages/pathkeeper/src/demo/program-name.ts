import { dirname, join } from "node:path";

/** How this program is called at a terminal: as it is installed, from a checkout, or by its file. */
export function programName({
	execPath,
	script,
}: {
	/** Of Node. */
	readonly execPath: string;
	/** Of the program itself. */
	readonly script: string;
}): string {
	if (script.endsWith(".ts")) return "./dev pathkeeper";
	const isInstalled =
		dirname(script) === "/usr/lib/pathkeeper" && execPath.startsWith(join(dirname(script), "runtime/"));
	return isInstalled ? "pathkeeper" : `${execPath} ${script}`;
}

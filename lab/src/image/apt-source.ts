/** Where this machine itself gets Debian packages from; the lab uses the same place in the same way. */
import { runProgram, tryProgram } from "../run-program.ts";

/**
 * The address of the Debian archive in this machine's apt sources, undefined when it has none (another distribution);
 * mmdebstrap then takes its own default.
 */
export async function debianMirror(): Promise<string | undefined> {
	const chosen = process.env["PATHKEEPER_LAB_MIRROR"];
	if (chosen !== undefined) return chosen;
	const format = "$(REPO_URI)|$(ORIGIN)|$(LABEL)|$(COMPONENT)";
	const targets = await tryProgram(["apt-get", "indextargets", "--format", format, "Identifier: Packages"]);
	for (const line of targets.stdout.split("\n")) {
		const [uri = "", origin, label, component] = line.split("|");
		// Origin and label are known only after `apt-get update`.
		const isDebian = origin === "" ? /\/debian\/?$/.test(uri) : origin === "Debian" && label === "Debian";
		if (isDebian && component === "main") return uri;
	}
	return undefined;
}

/** The machine's own settings for reaching it: proxies, certificates, tolerance of old Release files. */
export async function acquireOptions(): Promise<readonly string[]> {
	const dump = await runProgram(["apt-config", "dump", "Acquire"]);
	return dump
		.split("\n")
		.filter((line) => /^Acquire::(https?::|ForceIPv|Check-|Retries|Max-ValidTime)/.test(line))
		.filter((line) => !line.endsWith(' "";'));
}

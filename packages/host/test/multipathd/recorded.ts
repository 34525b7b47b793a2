import { readFileSync } from "node:fs";

/** Releases whose real answers are in `samples/multipathd/`. */
export const releases = ["0.9.4", "0.11.1", "0.15.1"] as const;
export type Release = (typeof releases)[number];

export type Asker = "root" | "other" | "malformed";

interface Recorded {
	/** Length on the wire, with the NUL. */
	readonly bytes: number;
	/** What was kept of it; the long list of commands behind a help text's first lines was not. */
	readonly text: string;
}

/** What the real daemon of a release answered root, another user, or to a malformed request. */
export function recordedReply(release: Release, command: string, asker: Asker = "root"): string {
	const replies: Record<Asker, Record<string, Recorded>> = JSON.parse(
		readFileSync(new URL(`../samples/multipathd/replies-${release}.json`, import.meta.url), "utf8"),
	);
	const recorded = replies[asker][command];
	if (recorded === undefined) throw new Error(`nothing recorded for '${command}' of ${release}`);
	const missing = recorded.bytes - 1 - Buffer.byteLength(recorded.text);
	return missing === 0
		? recorded.text
		: `${recorded.text}${"CLI commands reference:\n".padEnd(missing, "x")}`;
}

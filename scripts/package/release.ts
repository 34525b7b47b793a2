import { readFileSync } from "node:fs";
import { type ChangelogEntry, changelogEntries } from "./changelog.ts";

/** Who answers for the packages, as both kinds of them name it. */
export const maintainer = "Pathkeeper maintainers <maintainers@pathkeeper.invalid>";

/** What is released, and as of when: nothing in a package is younger. */
export interface Release {
	readonly version: string;
	/** Seconds since 1970; every file has it as its time. */
	readonly epoch: number;
	/** The newest first. */
	readonly changes: readonly ChangelogEntry[];
}

/**
 * The release that CHANGELOG.md begins with, as of its day, so that a tree without git makes the same packages;
 * SOURCE_DATE_EPOCH (reproducible-builds.org) says another time. With a stamp it has that version instead, which is for
 * tests of upgrades. Throws an Error when the stamp is no version.
 */
export function readRelease(
	root: string,
	{ stamp, env }: { readonly stamp?: string | undefined; readonly env: NodeJS.ProcessEnv },
): Release {
	const written = changelogEntries(readFileSync(`${root}/CHANGELOG.md`, "utf8"));
	const [newest] = written;
	if (newest === undefined) throw new Error("CHANGELOG.md has no entry");
	const epoch = env["SOURCE_DATE_EPOCH"] === undefined ? newest.date : Number(env["SOURCE_DATE_EPOCH"]);
	if (!Number.isSafeInteger(epoch) || epoch < 0)
		throw new Error(`SOURCE_DATE_EPOCH: '${env["SOURCE_DATE_EPOCH"]}' is not a number of seconds since 1970`);
	if (stamp === undefined) return { version: newest.version, epoch, changes: written };
	if (!/^\d+\.\d+\.\d+$/.test(stamp)) throw new Error(`--stamp: '${stamp}' is not a version such as 0.1.1`);
	const changes = [{ version: stamp, date: newest.date, points: ["Stamped for a test."] }, ...written];
	return { version: stamp, epoch, changes };
}

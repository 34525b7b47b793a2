/**
 * What `multipath` writes to stderr about its configuration. The lines carry the seconds since boot and a bar, and
 * name file and line in one of two ways (multipath-tools libmpathutil/parser.c, libmultipath/dict.c):
 * `FILE line N, what is wrong` and `what is wrong on line N of FILE` (or `at line N of FILE`).
 */

/** A file and a line that a complaint names. */
export interface FilePosition {
	readonly file: string;
	/** 1-based; null when the complaint names only the file. */
	readonly line: number | null;
}

const configFile = String.raw`\/etc\/multipath(?:\.conf|\/conf\.d\/[^\n]*?\.conf)`;
const before = new RegExp(String.raw`^(?<file>${configFile}) line (?<line>\d+)\b`);
const behind = new RegExp(String.raw`\b(?:on|at) line (?<line>\d+) of (?<file>${configFile})$`);
const anywhere = new RegExp(String.raw`(?:^|[\s'"(])(?<file>${configFile})(?:$|[\s'"),:])`);

/** Twice what multipath reads of a line (libmpathutil/parser.h MAXBUF), and the words around it. */
const longestComplaint = 4096;

/** The lines of stderr that name the main file or a drop-in, without their time, in their order. */
export function complaintsIn(stderr: string): readonly string[] {
	return linesOf(stderr).filter((line) => placeOf(line) !== null);
}

/** All lines of stderr without the time that they begin with; blank ones left out. */
export function linesOf(stderr: string): readonly string[] {
	return stderr
		.split("\n")
		.map((line) => line.replace(/^\s*\d+(?:\.\d+)? \| /, "").trim())
		.filter((line) => line !== "");
}

/** The configuration file and line that a complaint names; null when it names none. */
export function placeOf(complaint: string): FilePosition | null {
	// A complaint quotes one line of a file at most; in a longer text the patterns would look back again and again.
	const text = complaint.slice(0, longestComplaint);
	for (const pattern of [behind, before, anywhere]) {
		const found = pattern.exec(text)?.groups;
		const file = found?.["file"];
		if (file === undefined) continue;
		const line = found?.["line"];
		return { file, line: line === undefined ? null : Number(line) };
	}
	return null;
}

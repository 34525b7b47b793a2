/** One line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
	/** `major:minor` of the file system's device; `0:N` for btrfs, ZFS and everything without a device. */
	readonly devT: string;
	readonly at: string;
	readonly fileSystem: string;
	/** Device path, or whatever the file system says. */
	readonly source: string;
}

/** Reads mountinfo text; lines that do not look like one are passed over. */
export function parseMounts(text: string): readonly Mount[] {
	return text.split("\n").flatMap((line): readonly Mount[] => {
		// id parent major:minor root at options [optional fields] - type source super-options
		const [before = "", after = ""] = split(line, " - ");
		const [, , devT, , at] = before.split(" ");
		const [fileSystem, source] = after.split(" ");
		if (devT === undefined || at === undefined || fileSystem === undefined || source === undefined) return [];
		return [{ devT, at: unescaped(at), fileSystem, source: unescaped(source) }];
	});
}

/** Device paths that /proc/swaps lists; swap files are left out. */
export function parseSwaps(text: string): readonly string[] {
	return text.split("\n").flatMap((line) => {
		const [path, type] = line.split(/[ \t]+/);
		return path !== undefined && type === "partition" ? [unescaped(path)] : [];
	});
}

function split(line: string, at: string): readonly [string, string] {
	const index = line.indexOf(at);
	return index < 0 ? [line, ""] : [line.slice(0, index), line.slice(index + at.length)];
}

/** The kernel writes blanks, tabs, newlines, backslashes and `#` as three octal digits (fs/proc_namespace.c). */
function unescaped(text: string): string {
	return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

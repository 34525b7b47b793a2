import { PathkeeperError } from "@pathkeeper/model";

/** The characters that udev leaves in a serial (`ID_SERIAL`), and the 127 bytes that multipathd keeps. */
const wwidPattern = /^[0-9A-Za-z#+.:=@_-]{1,127}$/;

/**
 * A WWID that `multipath -a` and `-w` take as a WWID. A target chooses its WWID, so it is hostile text; and the
 * program reads its argument first as an option, then as `major:minor` of a device (`sscanf("%d:%d")`, which a
 * longer word passes too), then as a device or map name (multipath/main.c `get_dev_type`). Throws WWID_INVALID.
 */
export function wwidArgument(wwid: string): string {
	const problem = problemOf(wwid);
	if (problem === null) return wwid;
	throw new PathkeeperError("WWID_INVALID", {
		wwid: wwid.replaceAll(/\p{Cc}/gu, "?").slice(0, 140),
		problem,
	});
}

function problemOf(wwid: string): string | null {
	if (!wwidPattern.test(wwid)) return "it has 1 to 127 characters of 0-9 A-Z a-z # + . : = @ _ -";
	if (wwid.includes("..")) return "'..' is not allowed in it";
	if (wwid.startsWith("-")) return "multipath would take it for an option";
	if (/^\+?\d+:[+-]?\d/.test(wwid)) return "multipath would take it for a device number";
	if (/^dm-\d+$/.test(wwid)) return "multipath would take it for a device name";
	return null;
}

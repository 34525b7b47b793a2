import { isNodeName } from "./names.ts";

/** Keys of a LUN that are Pathkeeper's own and no keywords of multipath-tools. */
export const lunProperties = ["alias", "comment", "expected-paths", "nodes"] as const;

export const longestComment = 1024;
/** The kernel's limit of paths in a group (drivers/md/dm-mpath.c). */
export const mostPaths = 1024;

/** Words of a list as Proxmox VE splits it: at commas, semicolons, blanks and NUL. */
export function splitList(text: string): readonly string[] {
	return text.split(/[,; \t\0]+/).filter((word) => word !== "");
}

/** Characters that make a text read other than it is. */
const invisible = /[\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2069}\u{feff}]/u;

/** What is wrong with a comment, or null. */
export function checkComment(text: string): string | null {
	if (text.length > longestComment) return `value may only be ${longestComment} characters long`;
	return invisible.test(text) ? "invalid format - invisible character or change of direction in value" : null;
}

/** What is wrong with a number of expected paths, or null. */
export function checkExpectedPaths(text: string): string | null {
	if (!/^[0-9]{1,6}$/.test(text)) return `type check ('integer') failed - got '${text.slice(0, 40)}'`;
	if (Number(text) < 1) return "value must have a minimum value of 1";
	return Number(text) > mostPaths ? `value must have a maximum value of ${mostPaths}` : null;
}

/** What is wrong with a list of nodes, or null. */
export function checkNodes(text: string): string | null {
	if (!/^[\t\x20-\x7e]*$/.test(text)) return "invalid format - a list of nodes is plain ASCII on one line";
	const nodes = splitList(text);
	if (nodes.length === 0) return "invalid format - no node is named; delete the key to mean all nodes";
	const bad = nodes.find((node) => !isNodeName(node));
	if (bad !== undefined) return `invalid format - '${bad.slice(0, 63)}' is not the name of a node`;
	return new Set(nodes).size < nodes.length ? "invalid format - a node is named twice" : null;
}

/** Where multipath-tools keeps the WWIDs that `find_multipaths strict` admits; fixed since 0.9.7 (`wwids_file`). */
export const wwidsFile = "/etc/multipath/wwids";

/**
 * The WWIDs that the text of the wwids file lists: one a line between slashes. A removed one has `#` in place of its
 * first slash, and everything else is comment (libmultipath/wwids.c `remove_wwid`, `lookup_wwid`).
 */
export function wwidsIn(text: string): readonly string[] {
	const wwids = new Set<string>();
	for (const line of text.split("\n")) {
		const wwid = /^\/([^/]+)\//.exec(line)?.[1];
		if (wwid !== undefined) wwids.add(wwid);
	}
	return [...wwids];
}

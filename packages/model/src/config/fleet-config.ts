/**
 * The desired state of a fleet, as the two config documents say it: `multipath.cfg` (who is allowed, with which
 * settings) and `multipath-overrides.conf` (verbatim hardware tuning). This is the typed view; the text of the
 * documents stays the truth, and edits go through the lossless section config so that nothing in it is lost.
 */
export interface FleetConfig {
	/** multipathd keywords in kebab-case (`no-path-retry`) with their values as text, from section `defaults`. */
	readonly defaults: Readonly<Record<string, string>>;
	/** The allow-list, in the order of the document. */
	readonly luns: readonly AllowedLun[];
}

/** One LUN of the allow-list: section `wwid: <WWID>`. */
export interface AllowedLun {
	readonly wwid: string;
	readonly alias: string | null;
	readonly comment: string | null;
	/** Paths that every node should have; null: learned from the nodes. */
	readonly expectedPaths: number | null;
	/** Nodes that should carry the LUN; null: all. */
	readonly nodes: readonly string[] | null;
	/** multipathd keywords of this LUN in kebab-case with their values as text. */
	readonly settings: Readonly<Record<string, string>>;
}

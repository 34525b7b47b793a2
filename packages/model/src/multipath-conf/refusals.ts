/** Something that multipath-tools would take and Pathkeeper does not, and why. */
export interface Refusal {
	/** Stable name; also the `code` of the problem that the linter reports. */
	readonly code: string;
	/** `any`: in every text; `overrides`: only in multipath-overrides.conf. */
	readonly where: "any" | "overrides";
	/** What is refused, for a reader of the documentation. */
	readonly what: string;
	readonly reason: string;
	/** The keywords or sections it names; empty when it is about values or layout. */
	readonly names: readonly string[];
}

/**
 * All that is refused although multipath-tools may accept it, with reasons. docs/refusals.md is this list; a test
 * holds the two together.
 */
export const refusals: readonly Refusal[] = [
	{
		code: "refused-program",
		where: "any",
		what: "keywords that name a program",
		reason:
			"releases before 0.9.0 run it as root, so that whoever edits the configuration is root; from 0.9.0 on the keyword is ignored",
		names: ["getuid_callout"],
	},
	{
		code: "refused-folder",
		where: "any",
		what: "keywords that name a folder of libraries or of further configuration",
		reason: "releases before 0.9.0 load code or settings from there; from 0.9.0 on the keyword is ignored",
		names: ["multipath_dir", "config_dir"],
	},
	{
		code: "refused-file",
		where: "any",
		what: "keywords that name a file",
		reason: "multipathd would write or truncate it as root; from 0.9.7 on the keyword is ignored",
		names: ["bindings_file", "wwids_file", "prkeys_file"],
	},
	{
		code: "refused-owner",
		where: "any",
		what: "keywords that give device nodes to users other than root",
		reason: "they hand raw access to the data of a LUN to a local user",
		names: ["mode", "uid", "gid"],
	},
	{
		code: "refused-section",
		where: "overrides",
		what: "sections that multipath.cfg renders itself",
		reason: "defaults and LUNs belong in multipath.cfg, where they are checked, shown and compared",
		names: ["defaults", "multipaths"],
	},
	{
		code: "blacklists-everything",
		where: "overrides",
		what: "a blacklist rule that matches everything, without an exception of its kind (any exception of devices for one of devices)",
		reason:
			"no map would be left; from 0.12 on multipathd even takes the paths out of maps that are open, and their users get I/O errors",
		names: [],
	},
	{
		code: "bad-value",
		where: "any",
		what: "prio and path_checker with a name that is not one of multipath-tools' own",
		reason:
			"multipathd loads lib<name>.so for it; a wrong name leaves every path without checker or priority",
		names: ["prio", "path_checker", "checker"],
	},
	{
		code: "bad-value",
		where: "any",
		what: "path_selector, hardware_handler and features with words that the kernel's multipath target does not have",
		reason: "the kernel loads a module of that name, or refuses the table: the map is not made",
		names: ["path_selector", "hardware_handler", "features"],
	},
	{
		code: "bad-value",
		where: "any",
		what: "numbers out of range, words that are not in the list",
		reason:
			"multipath-tools warns and keeps or caps the value; polling_interval 0 crashes it, a value that is not a number can hang it, '/' in partition_delimiter crashes it",
		names: [],
	},
	{
		code: "bad-regex",
		where: "any",
		what: "regular expressions that glibc refuses, back references, large or nested repetitions",
		reason:
			"multipathd exits because of the first kind (in its main file, and over product_blacklist in any file), and needs unbounded memory or time for the others",
		names: [],
	},
	{
		code: "brace-trap",
		where: "any",
		what: "a brace after a value or after another brace on the same line",
		reason:
			"multipath-tools ignores it: the section stays open, and exceptions that follow are read as blacklist entries",
		names: [],
	},
	{
		code: "brace-on-next-line",
		where: "any",
		what: "a section whose { is not on the line of its keyword",
		reason: "overrides and protocol are then ignored entirely, and other sections are read only by chance",
		names: [],
	},
	{
		code: "unclosed-section",
		where: "any",
		what: "a section without }",
		reason: "everything after it is read as part of it",
		names: [],
	},
	{
		code: "line-too-long",
		where: "any",
		what: "lines of more than 1023 bytes",
		reason: "multipath-tools cuts them and reads the rest as another line",
		names: [],
	},
	{
		code: "bad-character",
		where: "any",
		what: "control characters, and bytes outside of ASCII other than in comments and in a byte order mark at the start",
		reason: "multipath-tools treats them as spaces, or puts them unescaped into its JSON",
		names: [],
	},
	{
		code: "unknown-keyword",
		where: "any",
		what: "keywords and sections that no supported release knows",
		reason: "multipath-tools skips the line, and of an unknown section only the heading",
		names: [],
	},
	{
		code: "misplaced-keyword",
		where: "any",
		what: "keywords and sections in a place where they have no meaning (protocol outside of overrides, say)",
		reason: "multipath-tools skips the line, and of a section only the heading",
		names: [],
	},
];

/** Why a keyword or section is refused by its name alone; null when it is not. */
export function refusalOf(name: string, where: Refusal["where"]): Refusal | null {
	const byName = new Set([
		"refused-program",
		"refused-folder",
		"refused-file",
		"refused-owner",
		"refused-section",
	]);
	return (
		refusals.find(
			(refusal) =>
				byName.has(refusal.code) &&
				refusal.names.includes(name) &&
				(refusal.where === "any" || refusal.where === where),
		) ?? null
	);
}

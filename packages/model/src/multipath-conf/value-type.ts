/**
 * What a keyword of multipath.conf takes as its value. These are our rules, not the parser's: multipath-tools
 * mostly warns about a wrong value and goes on, caps a number silently, or dies of it, differently in every
 * release. A value that fits its type here means the same on every release that Pathkeeper supports (0.9.4 on).
 */
export type ValueType =
	/** `yes` or `no` (the parser takes `1` and `0` too). */
	| { readonly kind: "yesno" }
	/** A decimal number, or one of `words`. Outside of the range multipath would cap, hang or crash. */
	| {
			readonly kind: "integer";
			readonly min: number;
			readonly max: number;
			/** `s`, `ms`, `checks`, …; null for a bare number. */
			readonly unit: string | null;
			readonly words: readonly string[];
	  }
	/** `no` (or `0`), or a number from `min`. */
	| { readonly kind: "off-int"; readonly min: number; readonly max: number; readonly unit: string | null }
	| { readonly kind: "enum"; readonly words: readonly EnumWord[] }
	/**
	 * Words of which the one at `countAt` (0-based) is the number of words behind it. `words`: the names that may stand
	 * in front of the number (path_selector) or begin what it counts.
	 */
	| {
			readonly kind: "argstr";
			readonly countAt: 0 | 1;
			readonly words: readonly string[];
	  }
	/** Text that fits `pattern`, described to people by `shape`. */
	| { readonly kind: "string"; readonly pattern: RegExp; readonly shape: string }
	/** POSIX extended regular expression as glibc takes it; `invertible`: a leading `!` turns it round. */
	| { readonly kind: "regex"; readonly invertible: boolean }
	/** An absolute path. */
	| { readonly kind: "path" }
	/** Read and thrown away by every supported release. */
	| { readonly kind: "ignored" };

/** A word of an enumeration, and the releases that take it without a complaint. */
export interface EnumWord {
	readonly word: string;
	/** The release that brought it; null: every supported one has it. */
	readonly since: string | null;
	/** The first release that complains about it; null: none does. */
	readonly until: string | null;
	/** What to write instead in the releases outside of that range; null: nothing does. */
	readonly instead: string | null;
}

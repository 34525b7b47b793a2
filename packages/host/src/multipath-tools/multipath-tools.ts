/** What `multipath -t` said about the configuration on disk. */
export interface LintResult {
	/** Lines on stderr that name a file in conf.d or the main file, without the time prefix. */
	readonly complaints: readonly string[];
	/** The effective configuration, as printed. */
	readonly effective: string;
}

/** The `multipath` program of multipath-tools, run as a child with a deadline; never a shell. */
export interface MultipathTools {
	/** `0.9.4`, or null when the program is not installed. */
	version(): Promise<string | null>;
	/** `multipath -t`. Throws PROCESS_DEADLINE when it hangs, PROCESS_FAILED when it crashes or refuses the config. */
	lint(): Promise<LintResult>;
	/** `multipath -a WWID`; fails silently in the real program when a rule blacklists it: read the wwids file back. */
	addWwid(wwid: string): Promise<void>;
	/** `multipath -w WWID`. */
	removeWwid(wwid: string): Promise<void>;
	/** The WWIDs that /etc/multipath/wwids lists as valid. */
	listedWwids(): Promise<readonly string[]>;
}

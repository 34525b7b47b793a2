/** What `multipath -t` said about the configuration on disk. */
export interface LintResult {
	/** Lines on stderr that name a file in conf.d or the main file, without the time prefix. */
	readonly complaints: readonly string[];
	/** The effective configuration, as printed. */
	readonly effective: string;
}

/** The `multipath` program of multipath-tools, run as a child with a deadline; never a shell. */
export interface MultipathTools {
	/**
	 * `0.9.4`, or null when the program is not installed. Throws PROCESS_FAILED or PROCESS_DEADLINE when it does not
	 * tell: it reads the configuration first, so a bad one stops this, too.
	 */
	version(): Promise<string | null>;
	/**
	 * `multipath -t`. Throws PROCESS_DEADLINE when it hangs, PROCESS_FAILED when it crashes or refuses the config,
	 * MULTIPATHD_NOT_INSTALLED.
	 */
	lint(): Promise<LintResult>;
	/**
	 * `multipath -a WWID`, and the wwids file read back: the program fails silently when a rule blacklists the WWID.
	 * Nothing is run for one that is listed. Throws PROCESS_FAILED when it is not listed afterwards, WWID_INVALID.
	 */
	addWwid(wwid: string): Promise<void>;
	/** `multipath -w WWID`, read back likewise; nothing is run for one that is not listed. */
	removeWwid(wwid: string): Promise<void>;
	/** The WWIDs that /etc/multipath/wwids lists as valid. */
	listedWwids(): Promise<readonly string[]>;
}

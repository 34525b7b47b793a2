/** What can be made to go wrong with a simulated daemon's answers. All off is a healthy one. */
export interface DaemonFaults {
	/** Takes connections and requests, and never answers (the process is stopped, or stuck in the kernel). */
	readonly hang: boolean;
	/** Runs, but nothing listens on its socket. */
	readonly refuse: boolean;
	/** Takes connections and closes them at once (more clients than it serves, since 0.15.1). */
	readonly hangUp: boolean;
	/** Milliseconds before each answer. */
	readonly slowMs: number;
	/** Closes the connection after so many bytes of an answer, length included; null: answers whole. */
	readonly cutAfterBytes: number | null;
	/** `show status` says `busy: True`. */
	readonly busy: boolean;
	/** Somebody holds the big lock: commands that need it end in `timeout`. */
	readonly locked: boolean;
	/** Lines put before every JSON answer; null: none. */
	readonly noiseBeforeJson: string | null;
	/** As releases before 0.6.2: JSON is not known, the answer is the help text. */
	readonly knowsNoJson: boolean;
	/** Takes every client for another user than root. */
	readonly denies: boolean;
}

export const noFaults: DaemonFaults = {
	hang: false,
	refuse: false,
	hangUp: false,
	slowMs: 0,
	cutAfterBytes: null,
	busy: false,
	locked: false,
	noiseBeforeJson: null,
	knowsNoJson: false,
	denies: false,
};

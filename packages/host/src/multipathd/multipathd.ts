import type { Reading } from "@pathkeeper/model";

/** `show daemon`: where multipathd is in its life. */
export interface DaemonStatus {
	readonly pid: number;
	/** `init`, `startup`, `configure`, `idle`, `running`, `shutdown`. */
	readonly phase: string;
	/** True when a reconfigure is waiting (told since 0.10.0). */
	readonly pendingReconfigure: boolean;
}

/** How long one call may take, and who may end it earlier. */
export interface CallOptions {
	/** Milliseconds for the whole call with its retries; the port's own default when not given. */
	readonly deadlineMs?: number;
	readonly signal?: AbortSignal;
}

/** What the reader of a map listing may know beside how long it may take. */
export interface MapsOptions extends CallOptions {
	/** The daemon's `polling_interval` in seconds, which turns a count of retries into a time; null: not known. */
	readonly pollingIntervalS?: number | null;
}

/**
 * The running multipathd, spoken to over its socket: one connection, one command at a time, every call with a
 * deadline. Errors are PathkeeperError with a MULTIPATHD_* code. Reads are tried again where that is safe; what
 * changes something is sent once, and only to a daemon that has just answered. MULTIPATHD_UNCONFIRMED means that
 * such a command left and its answer did not come: look before asking again.
 */
export interface Multipathd {
	/**
	 * Alive by pid file and /proc, without touching the socket: on Debian 12 a mere connect starts the daemon.
	 * Every other method checks this first and throws MULTIPATHD_NOT_RUNNING or MULTIPATHD_NOT_INSTALLED.
	 */
	isRunning(): Promise<boolean>;
	status(options?: CallOptions): Promise<DaemonStatus>;
	/** `show status`: true while paths wait for their first check or a map change is under way. */
	busy(options?: CallOptions): Promise<boolean>;
	/**
	 * The running daemon's multipath-tools version (`0.15.1`), or null when it does not tell. It differs from the
	 * installed program's after an upgrade without a restart.
	 */
	version(options?: CallOptions): Promise<string | null>;
	/**
	 * All maps with groups and paths; falls back to `raw format` when the daemon's unescaped JSON does not parse, and
	 * the reading's problems then say so. Throws MULTIPATHD_UNREADABLE when no map can be told from either.
	 */
	maps(options?: MapsOptions): Promise<Reading>;
	/** Text of `show config local`: the effective config of the devices that are there, one multipath{} a map. */
	configLocal(options?: CallOptions): Promise<string>;
	/** Text of `show config`: the effective config with the whole built-in hardware table. */
	config(options?: CallOptions): Promise<string>;
	/** Text of `show blacklist`. */
	blacklist(options?: CallOptions): Promise<string>;
	/** Asks for a reconfigure; the daemon answers before it has done anything and never reports a parse error. */
	reconfigure(options?: CallOptions): Promise<void>;
	/** Flushes one map by name. Busy maps are refused by the daemon: MULTIPATHD_FAIL, nothing changed. */
	removeMap(name: string, options?: CallOptions): Promise<void>;
	/**
	 * Any command verbatim; for trials and for what has no method. Payload without the trailing NUL, `ok\n` where
	 * the daemon says only that. Throws COMMAND_INVALID for what must not be sent.
	 */
	command(text: string, options?: CallOptions): Promise<string>;
	close(): Promise<void>;
}

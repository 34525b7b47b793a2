import type { Reading } from "@pathkeeper/model";

/** `show daemon`: where multipathd is in its life. */
export interface DaemonStatus {
	readonly pid: number;
	/** `init`, `startup`, `configure`, `idle`, `running`, `shutdown`. */
	readonly phase: string;
	/** True when a reconfigure is waiting (told since 0.10.0). */
	readonly pendingReconfigure: boolean;
}

/**
 * The running multipathd, spoken to over its socket: one connection, one command at a time, every call with a
 * deadline. Errors are PathkeeperError with a MULTIPATHD_* code.
 */
export interface Multipathd {
	/**
	 * Alive by pid file and /proc, without touching the socket: on Debian 12 a mere connect starts the daemon.
	 * Every other method checks this first and throws MULTIPATHD_NOT_RUNNING.
	 */
	isRunning(): Promise<boolean>;
	status(): Promise<DaemonStatus>;
	/** `show status`: true while paths wait for their first check or a map change is under way. */
	busy(): Promise<boolean>;
	/** All maps with groups and paths; falls back to `raw format` when the daemon's unescaped JSON does not parse. */
	maps(): Promise<Reading>;
	/** Text of `show config local`: the effective config of the devices that are there, one multipath{} a map. */
	configLocal(): Promise<string>;
	/** Text of `show config`: the effective config with the whole built-in hardware table. */
	config(): Promise<string>;
	/** Text of `show blacklist`. */
	blacklist(): Promise<string>;
	/** Asks for a reconfigure; the daemon answers before it has done anything and never reports a parse error. */
	reconfigure(): Promise<void>;
	/** Flushes one map by name. Busy maps are refused by the daemon: MULTIPATHD_FAIL, nothing changed. */
	removeMap(name: string): Promise<void>;
	/** Builds the map of an allowed WWID. */
	addMap(wwid: string): Promise<void>;
	resizeMap(name: string): Promise<void>;
	/** Any command verbatim; for trials and for what has no method. Payload without the trailing NUL. */
	command(text: string): Promise<string>;
	close(): Promise<void>;
}

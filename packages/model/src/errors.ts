/**
 * Every error that a user can see is in this table: a stable code, whose fault it is, and a message that says what
 * failed, where, and what to do. One place maps the fault class to an HTTP status (`server`), one to an exit code (`cli`).
 */

/** Whose fault: the caller's input, a clash with another change, a missing thing, something that does not answer, Pathkeeper. */
export type FaultClass = "input" | "conflict" | "absent" | "unavailable" | "bug";

const table = {
	// input
	CONF_INVALID: ["input", "{what}: {problem}"],
	WWID_INVALID: ["input", "'{wwid}' is not a WWID: {problem}"],
	PARAMETER_INVALID: ["input", "Parameter verification failed."],
	STORE_LIMIT: ["input", "{what} does not fit in the store: {problem}"],
	COMMAND_INVALID: ["input", "'{command}' cannot be sent to multipathd: {problem}"],
	REMOTE_REFUSED: ["input", "{message}"],
	NO_TICKET: ["input", "No ticket"],
	AUTHENTICATION_FAILED: ["input", "Authentication failed!"],
	TICKET_INVALID: ["input", "permission denied - invalid PVE ticket"],
	LOGIN_FAILED: ["input", "authentication failure"],
	CSRF_INVALID: ["input", "Permission denied - invalid csrf token"],
	PERMISSION_DENIED: ["input", "Permission check failed ({lacked})"],
	SETTINGS_INVALID: ["input", "the daemon's settings are not valid; nothing was started"],
	FOLDER_DENIED: [
		"input",
		"{path} cannot be used: {problem}; run as root, or choose other locations with --state FOLDER and --socket FILE; to try Pathkeeper without root: pathkeeper demo",
	],
	STATE_FOLDER_UNSAFE: ["input", "the state folder {path} cannot be used: {problem}"],
	STATE_FOLDER_EARLIER: [
		"input",
		"{path} holds {files} of an earlier version of Pathkeeper. Nothing was changed. Stop every Pathkeeper service that still runs here, then move them: {command}",
	],
	DEMO_FOLDER_DENIED: [
		"input",
		"the demo cannot create a folder in {path}: {problem}; choose another location, such as TMPDIR=$HOME",
	],
	INPUT_UNREADABLE: ["input", "{path} cannot be read: {problem}"],
	// conflict
	DIGEST_CONFLICT: ["conflict", "detected modified configuration - file changed by other user? Try again."],
	LUN_IN_USE: ["conflict", "LUN {wwid} is in use and was not changed: {users}"],
	LUN_NOT_FORGOTTEN: ["conflict", "LUN {wwid} was not forgotten: {problem}"],
	NODE_ALIVE: [
		"conflict",
		"node '{node}' was not removed, because its agent is running; on that host: systemctl disable --now pathkeeper-agent",
	],
	NODE_IN_USE: [
		"conflict",
		"node '{node}' was not removed, because it may only be cut off and still use LUNs: {users}. If that host is off for good, confirm with the name of the node",
	],
	CUTS_OFF_USERS: [
		"conflict",
		"nothing was applied, because LUN {lun} is in use ({users}) and the blacklist rule {rule} would remove its paths; add an exception for the LUN, or stop its users first",
	],
	ALREADY_EXISTS: ["conflict", "{what} already exists"],
	STORE_NOT_EMPTY: ["conflict", "the target store already holds {count} documents; nothing was copied"],
	STORE_COPY_DIFFERS: [
		"conflict",
		"the copy differs from the source at {key}: another program is writing to the target store; stop it and copy again",
	],
	STORAGE_DEFINED: ["conflict", "storage ID '{storage}' already defined"],
	STORAGE_IS_BASE: [
		"conflict",
		"can't remove storage '{storage}' - it is used as base of another storage: {users}",
	],
	STORAGE_LOCKED: [
		"conflict",
		"storage '{storage}' is being changed by {holder}; gave up waiting after {seconds} s, and nothing was changed; try again",
	],
	STORAGE_LOCK_LOST: [
		"conflict",
		"the lock on storage '{storage}' was lost, so another program may be changing it now: {problem}",
	],
	TASK_CANCELLED: ["conflict", "{outcome}"],
	TASK_TYPE_UNKNOWN: [
		"conflict",
		"the agent of node '{node}' does not know the task '{type}', so nothing was done; is it older than the server?",
	],
	TASK_ARGUMENT_INVALID: [
		"conflict",
		"the task '{type}' was left in another form than this agent knows, so nothing was done ({problem}); is the server of another version?",
	],
	TASK_NOT_RUN: ["conflict", "{outcome}"],
	TASK_LOST: ["conflict", "{outcome}"],
	NODE_REFUSED: ["conflict", "{problem}"],
	AGENT_STOPPED: ["conflict", "the agent of this node was stopped before this was finished"],
	VOLUME_REFUSED: ["conflict", "{problem}"],
	VOLUME_IN_USE: ["conflict", "volume '{volume}' is in use and was not changed: {users}"],
	VOLUME_NAME_INVALID: ["input", "unable to parse {type} volume name '{volname}'"],
	DEVICE_NOT_EMPTY: [
		"conflict",
		"no volume group was created on '{device}', because it contains {carries}; choose another volume, or wipe this one yourself",
	],
	// absent
	STORAGE_ABSENT: ["absent", "storage '{storage}' does not exist"],
	BASE_ABSENT: ["absent", "base storage ID '{storage}' does not exist"],
	BASE_UNSUPPORTED: [
		"conflict",
		"unsupported base type '{type}': the volumes of storage '{storage}' are not LUNs",
	],
	STORAGE_TYPE_UNKNOWN: [
		"absent",
		"storage '{storage}' is of type '{type}', for which no plugin is loaded here",
	],
	VOLUME_ABSENT: ["absent", "volume '{volume}' does not exist"],
	VOLUME_GROUP_ABSENT: ["absent", "no such volume group '{vg}'"],
	NOT_FOUND: ["absent", "{what} does not exist"],
	// unavailable
	MULTIPATHD_NOT_INSTALLED: ["unavailable", "multipath-tools is not installed: {problem}"],
	MULTIPATHD_NOT_RUNNING: [
		"unavailable",
		"multipathd is not running ({problem}); start it: systemctl start multipathd",
	],
	MULTIPATHD_NO_ANSWER: [
		"unavailable",
		"multipathd does not answer on {address}: no reply to '{command}' within {seconds} s",
	],
	MULTIPATHD_TIMEOUT: ["unavailable", "multipathd is busy: it timed out on '{command}'"],
	MULTIPATHD_FAIL: ["unavailable", "multipathd refused '{command}': {problem}"],
	MULTIPATHD_DENIED: ["unavailable", "multipathd refused '{command}': only root may do this"],
	MULTIPATHD_CUT: [
		"unavailable",
		"multipathd's reply to '{command}' was cut off after {got} of {expected} bytes",
	],
	MULTIPATHD_UNREADABLE: ["unavailable", "multipathd's reply to '{command}' cannot be read: {problem}"],
	MULTIPATHD_UNKNOWN_COMMAND: ["unavailable", "this multipathd does not know '{command}'"],
	MULTIPATHD_HUNG_UP: [
		"unavailable",
		"multipathd closed the connection without an answer to '{command}' (it is stopping, or it has too many clients)",
	],
	MULTIPATHD_UNCONFIRMED: [
		"unavailable",
		"'{command}' was sent to multipathd and not confirmed: {problem}; it may still be carried out",
	],
	MULTIPATHD_OVERLOADED: [
		"unavailable",
		"'{command}' was not sent to multipathd: {count} commands are already waiting",
	],
	STORAGE_DISABLED: ["unavailable", "storage '{storage}' is not available on node '{node}'"],
	STORAGE_OFFLINE: ["unavailable", "storage '{storage}' is not online{problem}"],
	MAP_ABSENT: [
		"unavailable",
		"multipath map for WWID '{wwid}' is not present - is it in the multipath allow-list and are its paths up?",
	],
	ISCSI_FAILED: ["unavailable", "iSCSI discovery at {portal} failed: {problem}"],
	LVM_FAILED: ["unavailable", "{command} failed: {problem}"],
	LVM_UNREADABLE: ["unavailable", "the report of {command} cannot be read: {problem}"],
	PROCESS_FAILED: ["unavailable", "{program} failed: {problem}"],
	PROCESS_DEADLINE: ["unavailable", "{program} did not finish within {seconds} s"],
	PROCESS_STUCK: [
		"unavailable",
		"{program} was not started: {count} earlier runs (pid {pids}) cannot be killed; a device does not respond",
	],
	FILE_UNREADABLE: ["unavailable", "{path} cannot be read: {problem}"],
	FILE_UNSAFE: ["unavailable", "{path} was not written: {problem}"],
	FOLDER_UNSAFE: ["unavailable", "{path} is not used: {problem}"],
	FILE_FOREIGN: [
		"unavailable",
		"{path} exists and was not created by Pathkeeper: it was left alone and nothing was applied; move it away first",
	],
	LEDGER_UNREADABLE: [
		"unavailable",
		"{path}, the record of what Pathkeeper put on this host, cannot be read ({problem}): nothing was changed; restore it, or move it away to start with an empty record",
	],
	LINT_FAILED: [
		"unavailable",
		"multipath -t rejects the new files, so the previous ones were restored: {problem}",
	],
	HOST_CONF_BROKEN: [
		"unavailable",
		"multipath -t cannot read the configuration of this host even without the new files, so they were not applied; fix the other file: {problem}",
	],
	DAEMON_ENDED: [
		"unavailable",
		"multipathd exited while it read the new files, so the previous ones were restored; start it: systemctl start multipathd",
	],
	DAEMON_UNREACHABLE: ["unavailable", "Pathkeeper's daemon does not answer on {address}: {problem}"],
	SERVER_UNTRUSTED: ["unavailable", "the certificate of {address} is not trusted: {problem}"],
	CANNOT_LISTEN: ["unavailable", "cannot listen on {address}: {problem}"],
	WORKER_FILE_MISSING: [
		"unavailable",
		"the program of the worker thread {path} cannot be read ({problem}); restore it from the same release, or reinstall the package",
	],
	CERTIFICATE_UNUSABLE: ["unavailable", "the certificate {path} cannot be used: {problem}"],
	NODE_UNREACHABLE: ["unavailable", "node '{node}' is not reachable ({problem})"],
	NODE_BUSY: ["unavailable", "node '{node}' is busy ({problem}); nothing was done, try again later"],
	NODE_NOT_DONE: ["unavailable", "node '{node}' has not finished yet ({problem})"],
	NODE_ANSWER_UNREADABLE: ["unavailable", "the answer of node '{node}' cannot be read ({problem})"],
	LOGIN_LIMITED: ["unavailable", "too many login attempts; try again in {seconds} s"],
	HEAVY_WORK_OF_CALLER: [
		"unavailable",
		"previews or changes of whole documents are already being computed for {user}; wait for them to finish",
	],
	HEAVY_WORK_BUSY: [
		"unavailable",
		"too many previews and changes of whole documents are waiting; try again in a moment",
	],
	HEAVY_WORK_TOO_MUCH: [
		"unavailable",
		"evaluating the document takes {problem}; make it smaller, or change it step by step",
	],
	TOO_MANY_LISTENERS: [
		"unavailable",
		"{count} clients {of} already follow the events of this server; close one of them first",
	],
	STORE_UNAVAILABLE: ["unavailable", "the store does not answer: {problem}"],
	STORE_FULL: [
		"unavailable",
		"the store is full ({problem}): it accepts only deletions until space is freed",
	],
	STORE_RESERVED: [
		"unavailable",
		"nothing was changed, because the store is nearly full ({space}): the space that is left is reserved for deleting, disabling and revoking; {remedy}",
	],
	WRITES_LIMITED: [
		"unavailable",
		"too many changes by {user}; nothing was changed, try again in {seconds} s",
	],
	STORE_FAILED: ["unavailable", "the store does not answer; the server's log says why"],
	STORE_DENIED: [
		"unavailable",
		"the store denies access: {problem}; check the user, the password and the role on its prefix",
	],
	STORE_LEASE_LOST: ["unavailable", "lease {lease} is lost: it was not renewed in time"],
	STORE_IN_USE: ["unavailable", "{path} is open in another process; stop that process first"],
	STORE_DAMAGED: ["unavailable", "{path} cannot be used: {problem}; nothing in it was changed"],
	STORE_TOO_NEW: [
		"unavailable",
		"{path} was written by a newer Pathkeeper (layout {found}, this one knows {known}); nothing in it was changed",
	],
	DOCUMENT_UNREADABLE: ["unavailable", "{key} in the store cannot be read: {problem}"],
	STORE_COMPACTED: ["unavailable", "the watch fell behind: revision {revision} is compacted; list again"],
	REMOTE: ["unavailable", "{message}"],
	// bug
	BUG: ["bug", "this is a bug in Pathkeeper: {problem}"],
} as const satisfies Record<string, readonly [FaultClass, string]>;

export type ErrorCode = keyof typeof table;

export interface ErrorOptions {
	/** Values for the `{name}` places of the message template. */
	readonly values?: ErrorValues;
	/** Per-field messages, as Proxmox VE's `errors` map. */
	readonly fields?: Readonly<Record<string, string>>;
	/** After how many seconds the same call may be made again; absent: nobody knows. */
	readonly retryAfterS?: number;
	/** The message as another process wrote it, whose template may differ; absent: it is made from the template. */
	readonly text?: string;
	/** What a server answered, for REMOTE and REMOTE_REFUSED. */
	readonly remote?: RemoteFailure;
	readonly cause?: unknown;
}

/** Values of an error's message, by the names in its template. */
export type ErrorValues = Readonly<Record<string, string | number>>;

/** The server's own error behind an answer of the API. */
export interface RemoteFailure {
	/** HTTP status. */
	readonly status: number;
	/** Code of the server's table, which may be of another version; null: the answer has none. */
	readonly code: string | null;
	readonly values: ErrorValues;
}

/** The one error type that crosses package borders. */
export class PathkeeperError extends Error {
	override readonly name = "PathkeeperError";
	readonly code: ErrorCode;
	readonly fault: FaultClass;
	/** What the message says, as data. */
	readonly values: ErrorValues;
	readonly fields: Readonly<Record<string, string>>;
	/** After how many seconds the same call may be made again; null: nobody knows. */
	readonly retryAfterS: number | null;
	/** What a server answered; null: the error is of this process. */
	readonly remote: RemoteFailure | null;

	constructor(code: ErrorCode, options: ErrorOptions = {}) {
		const [fault, template] = table[code];
		super(options.text ?? fill(template, options.values ?? {}), { cause: options.cause });
		this.code = code;
		this.fault = fault;
		this.values = options.values ?? {};
		this.fields = options.fields ?? {};
		this.retryAfterS = options.retryAfterS ?? null;
		this.remote = options.remote ?? null;
	}
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
	return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? "?"));
}

/** Whether a text is a code of this table. */
export function isErrorCode(text: string): text is ErrorCode {
	return Object.hasOwn(table, text);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

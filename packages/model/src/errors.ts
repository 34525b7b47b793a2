/**
 * Every error a user can meet stands in this table: a stable code, whose fault it is, and a message that says
 * what, where and what to do. One place maps the fault class to an HTTP status (`server`), one to an exit code (`cli`).
 */

/** Whose fault: the caller's words, a clash with another writer, something not there, something not answering, us. */
export type FaultClass = "input" | "conflict" | "absent" | "unavailable" | "bug";

const table = {
	// input
	CONF_INVALID: ["input", "{what}: {problem}"],
	WWID_INVALID: ["input", "'{wwid}' is not a WWID: {problem}"],
	PARAMETER_INVALID: ["input", "Parameter verification failed."],
	STORE_LIMIT: ["input", "{what} does not fit into the store: {problem}"],
	COMMAND_INVALID: ["input", "'{command}' cannot be sent to multipathd: {problem}"],
	REMOTE_REFUSED: ["input", "{message}"],
	NO_TICKET: ["input", "No ticket"],
	AUTHENTICATION_FAILED: ["input", "Authentication failed!"],
	TICKET_INVALID: ["input", "permission denied - invalid PVE ticket"],
	LOGIN_FAILED: ["input", "authentication failure"],
	CSRF_INVALID: ["input", "Permission denied - invalid csrf token"],
	PERMISSION_DENIED: ["input", "Permission check failed ({lacked})"],
	SETTINGS_INVALID: ["input", "the settings of the daemon are refused; nothing was started"],
	FOLDER_DENIED: [
		"input",
		"{path} cannot be used: {problem}; run as root, or name other places with --state FOLDER and --socket FILE; to try Pathkeeper without root: pathkeeper demo",
	],
	STATE_FOLDER_UNSAFE: ["input", "the state folder {path} cannot be used: {problem}"],
	STATE_FOLDER_EARLIER: [
		"input",
		"{path} holds {files} of an earlier version of Pathkeeper. Nothing was changed. Stop whatever of Pathkeeper still runs here, then move them: {command}",
	],
	DEMO_FOLDER_DENIED: [
		"input",
		"the demo can make no folder in {path}: {problem}; name another place for it, such as TMPDIR=$HOME",
	],
	INPUT_UNREADABLE: ["input", "{path} cannot be read: {problem}"],
	// conflict
	DIGEST_CONFLICT: ["conflict", "detected modified configuration - file changed by other user? Try again."],
	LUN_IN_USE: ["conflict", "LUN {wwid} is in use and stays: {users}"],
	LUN_NOT_FORGOTTEN: ["conflict", "LUN {wwid} is not forgotten: {problem}"],
	NODE_ALIVE: [
		"conflict",
		"node '{node}' stays, because its agent runs; on that host: systemctl disable --now pathkeeper-agent",
	],
	NODE_IN_USE: [
		"conflict",
		"node '{node}' stays, because it may only be cut off and still use LUNs: {users}. If that host is off for good, confirm it with the name of the node",
	],
	CUTS_OFF_USERS: [
		"conflict",
		"nothing is applied, because LUN {lun} is in use ({users}) and the blacklist rule {rule} would take its paths from under its users; except the LUN from the rule, or stop its users first",
	],
	ALREADY_EXISTS: ["conflict", "{what} already exists"],
	STORE_NOT_EMPTY: ["conflict", "the store to copy to holds {count} documents already; nothing was copied"],
	STORE_COPY_DIFFERS: [
		"conflict",
		"the copy is not what was copied, at {key}: somebody else writes to that store; stop them and copy again",
	],
	STORAGE_DEFINED: ["conflict", "storage ID '{storage}' already defined"],
	STORAGE_IS_BASE: [
		"conflict",
		"can't remove storage '{storage}' - it is used as base of another storage: {users}",
	],
	STORAGE_LOCKED: [
		"conflict",
		"storage '{storage}' is being changed by {holder}; it was waited {seconds} s for it, and nothing was changed; try again",
	],
	STORAGE_LOCK_LOST: [
		"conflict",
		"the lock of storage '{storage}' was lost on the way, so somebody else may change it now: {problem}",
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
	VOLUME_IN_USE: ["conflict", "volume '{volume}' is in use and stays: {users}"],
	VOLUME_NAME_INVALID: ["input", "unable to parse {type} volume name '{volname}'"],
	DEVICE_NOT_EMPTY: [
		"conflict",
		"no volume group is made on '{device}', because it carries {carries}; choose another volume, or empty this one yourself",
	],
	// absent
	STORAGE_ABSENT: ["absent", "storage '{storage}' does not exist"],
	BASE_ABSENT: ["absent", "base storage ID '{storage}' does not exist"],
	BASE_UNSUPPORTED: [
		"conflict",
		"unsupported base type '{type}': the volumes of storage '{storage}' are no LUNs",
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
	MULTIPATHD_TIMEOUT: ["unavailable", "multipathd is busy: it gave up on '{command}' itself (timeout)"],
	MULTIPATHD_FAIL: ["unavailable", "multipathd refused '{command}': {problem}"],
	MULTIPATHD_DENIED: ["unavailable", "multipathd refused '{command}': only root may do this"],
	MULTIPATHD_CUT: [
		"unavailable",
		"multipathd's reply to '{command}' broke off after {got} of {expected} bytes",
	],
	MULTIPATHD_UNREADABLE: ["unavailable", "multipathd's reply to '{command}' cannot be read: {problem}"],
	MULTIPATHD_UNKNOWN_COMMAND: ["unavailable", "this multipathd does not know '{command}'"],
	MULTIPATHD_HUNG_UP: [
		"unavailable",
		"multipathd closed the connection without an answer to '{command}' (it stops, or serves too many clients)",
	],
	MULTIPATHD_UNCONFIRMED: [
		"unavailable",
		"multipathd was given '{command}' and did not confirm it: {problem}; it may still carry it out",
	],
	MULTIPATHD_OVERLOADED: [
		"unavailable",
		"'{command}' was not sent to multipathd: {count} commands wait for it already",
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
	PROCESS_DEADLINE: ["unavailable", "{program} did not end within {seconds} s"],
	PROCESS_STUCK: [
		"unavailable",
		"{program} is not started: {count} earlier runs (pid {pids}) cannot be killed; a device does not answer",
	],
	FILE_UNREADABLE: ["unavailable", "{path} cannot be read: {problem}"],
	FILE_UNSAFE: ["unavailable", "{path} was not written: {problem}"],
	FOLDER_UNSAFE: ["unavailable", "{path} is not used: {problem}"],
	FILE_FOREIGN: [
		"unavailable",
		"{path} is there and was not made by Pathkeeper: it is left alone and nothing is applied; move it away first",
	],
	LEDGER_UNREADABLE: [
		"unavailable",
		"{path}, which says what Pathkeeper put on this host, cannot be read ({problem}): nothing is changed; restore it, or move it away to start with owning nothing",
	],
	LINT_FAILED: [
		"unavailable",
		"multipath -t objects to the new files, so the previous ones are back: {problem}",
	],
	HOST_CONF_BROKEN: [
		"unavailable",
		"multipath -t cannot read the configuration of this host even without the new files, so they are not applied; mend the other file: {problem}",
	],
	DAEMON_ENDED: [
		"unavailable",
		"multipathd ended while it read the new files, so the previous ones are back; start it: systemctl start multipathd",
	],
	DAEMON_UNREACHABLE: ["unavailable", "Pathkeeper's daemon does not answer on {address}: {problem}"],
	SERVER_UNTRUSTED: ["unavailable", "the certificate of {address} is not trusted: {problem}"],
	CANNOT_LISTEN: ["unavailable", "{address} cannot be served: {problem}"],
	WORKER_FILE_MISSING: [
		"unavailable",
		"the program of the worker thread {path} cannot be read ({problem}); put it there from the same release, or install the package again",
	],
	CERTIFICATE_UNUSABLE: ["unavailable", "the certificate {path} cannot be used: {problem}"],
	NODE_UNREACHABLE: ["unavailable", "node '{node}' is not reachable ({problem})"],
	NODE_BUSY: ["unavailable", "node '{node}' is busy ({problem}); nothing was done, try again later"],
	NODE_NOT_DONE: ["unavailable", "node '{node}' is not done yet ({problem})"],
	NODE_ANSWER_UNREADABLE: ["unavailable", "the answer of node '{node}' cannot be read ({problem})"],
	LOGIN_LIMITED: ["unavailable", "too many logins; try again in {seconds} s"],
	HEAVY_WORK_OF_CALLER: [
		"unavailable",
		"previews or changes of whole documents are being worked out for {user} already; wait for their answers",
	],
	HEAVY_WORK_BUSY: [
		"unavailable",
		"too many others wait for previews and changes of whole documents; try again in a moment",
	],
	HEAVY_WORK_TOO_MUCH: [
		"unavailable",
		"working out what the document means takes {problem}; make it smaller, or change it piece by piece",
	],
	TOO_MANY_LISTENERS: [
		"unavailable",
		"{count} clients {of} follow the events of this server already; end one of them first",
	],
	STORE_UNAVAILABLE: ["unavailable", "the store does not answer: {problem}"],
	STORE_FULL: [
		"unavailable",
		"the store is full ({problem}): it takes nothing but deletions until somebody makes room",
	],
	STORE_RESERVED: [
		"unavailable",
		"nothing was changed, because the store is nearly full ({space}): what room is left is kept for deleting, disabling and revoking; {remedy}",
	],
	WRITES_LIMITED: [
		"unavailable",
		"too many changes by {user}; nothing was changed, try again in {seconds} s",
	],
	STORE_FAILED: ["unavailable", "the store does not answer; the log of the server says why"],
	STORE_DENIED: [
		"unavailable",
		"the store refuses us: {problem}; check user, password and the role on its prefix",
	],
	STORE_LEASE_LOST: ["unavailable", "lease {lease} is lost: it was not kept alive in time"],
	STORE_IN_USE: [
		"unavailable",
		"{path} is open in another process; only one may have it, so stop that one first",
	],
	STORE_DAMAGED: ["unavailable", "{path} cannot be used: {problem}; nothing in it was changed"],
	STORE_TOO_NEW: [
		"unavailable",
		"{path} was written by a newer Pathkeeper (layout {found}, this one knows {known}); nothing in it was changed",
	],
	DOCUMENT_UNREADABLE: ["unavailable", "{key} in the store cannot be read: {problem}"],
	STORE_COMPACTED: ["unavailable", "the watch fell behind: revision {revision} is compacted; list again"],
	REMOTE: ["unavailable", "{message}"],
	// bug
	BUG: ["bug", "this is a fault of Pathkeeper: {problem}"],
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

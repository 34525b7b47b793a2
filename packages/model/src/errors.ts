import { fill, hasPlaces, type PlaceIn, type Values } from "./message-template.ts";

/**
 * Every error a user can meet is in this table: a stable code, a class, and a message that says what, where and what
 * to do. One place maps the class to an HTTP status (`server`), one to an exit code (`cli`).
 */

/**
 * What the caller can do about an error:
 * - `input`: ask for something else.
 * - `denied`: get the rights, or log in.
 * - `conflict`: settle it with whoever uses or changes the same thing.
 * - `absent`: nothing, as long as it is not there.
 * - `unavailable`: make the same call again later. Only this class is tried again.
 * - `broken`: repair a file, a program, a document or a setting first.
 * - `bug`: report it.
 */
export type FaultClass = "input" | "denied" | "conflict" | "absent" | "unavailable" | "broken" | "bug";

const table = {
	// input: what was asked for has to change
	CONF_INVALID: ["input", "{what}: {problem}"],
	WWID_INVALID: ["input", "'{wwid}' is not a WWID: {problem}"],
	PARAMETER_INVALID: ["input", "Parameter verification failed."],
	STORE_LIMIT: ["input", "{what} does not fit into the store: {problem}"],
	COMMAND_INVALID: ["input", "'{command}' cannot be sent to multipathd: {problem}"],
	REMOTE_REFUSED: ["input", "{message}"],
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
	VOLUME_NAME_INVALID: ["input", "unable to parse {type} volume name '{volname}'"],
	LINT_FAILED: ["input", "multipath -t objects to the new files, so the previous ones are back: {problem}"],
	HEAVY_WORK_TOO_MUCH: [
		"input",
		"working out what the document means takes {problem}; make it smaller, or change it piece by piece",
	],
	// denied: whoever asks may not do this
	NO_TICKET: ["denied", "No ticket"],
	AUTHENTICATION_FAILED: ["denied", "Authentication failed!"],
	TICKET_INVALID: ["denied", "permission denied - invalid PVE ticket"],
	LOGIN_FAILED: ["denied", "authentication failure"],
	CSRF_INVALID: ["denied", "Permission denied - invalid csrf token"],
	PERMISSION_DENIED: ["denied", "Permission check failed ({lacked})"],
	MULTIPATHD_DENIED: ["denied", "multipathd refused '{command}': only root may do this"],
	REMOTE_DENIED: ["denied", "{message}"],
	// conflict: others use or change the same thing
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
	AGENT_STOPPED: ["conflict", "the agent of this node was stopped before this was finished"],
	VOLUME_REFUSED: ["conflict", "{problem}"],
	VOLUME_IN_USE: ["conflict", "volume '{volume}' is in use and stays: {users}"],
	DEVICE_NOT_EMPTY: [
		"conflict",
		"no volume group is made on '{device}', because it carries {carries}; choose another volume, or empty this one yourself",
	],
	BASE_UNSUPPORTED: [
		"conflict",
		"unsupported base type '{type}': the volumes of storage '{storage}' are no LUNs",
	],
	FILE_FOREIGN: [
		"conflict",
		"{path} is there and was not made by Pathkeeper: it is left alone and nothing is applied; move it away first",
	],
	STORE_IN_USE: [
		"conflict",
		"{path} is open in another process; only one may have it, so stop that one first",
	],
	// absent: it is not there
	STORAGE_ABSENT: ["absent", "storage '{storage}' does not exist"],
	BASE_ABSENT: ["absent", "base storage ID '{storage}' does not exist"],
	STORAGE_TYPE_UNKNOWN: [
		"absent",
		"storage '{storage}' is of type '{type}', for which no plugin is loaded here",
	],
	VOLUME_ABSENT: ["absent", "volume '{volume}' does not exist"],
	VOLUME_GROUP_ABSENT: ["absent", "no such volume group '{vg}'"],
	NOT_FOUND: ["absent", "{what} does not exist"],
	MULTIPATHD_NOT_INSTALLED: ["absent", "multipath-tools is not installed: {problem}"],
	MULTIPATHD_UNKNOWN_COMMAND: ["absent", "this multipathd does not know '{command}'"],
	STORAGE_DISABLED: ["absent", "storage '{storage}' is not available on node '{node}'"],
	MAP_ABSENT: [
		"absent",
		"multipath map for WWID '{wwid}' is not present - is it in the multipath allow-list and are its paths up?",
	],
	STORE_LEASE_LOST: ["absent", "lease {lease} is lost: it was not kept alive in time"],
	STORE_COMPACTED: ["absent", "the watch fell behind: revision {revision} is compacted; list again"],
	// unavailable: the same call may succeed later, with nothing changed about it
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
	MULTIPATHD_CUT: [
		"unavailable",
		"multipathd's reply to '{command}' broke off after {got} of {expected} bytes",
	],
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
	STORAGE_OFFLINE: ["unavailable", "storage '{storage}' is not online{problem}"],
	ISCSI_FAILED: ["unavailable", "iSCSI discovery at {portal} failed: {problem}"],
	PROCESS_DEADLINE: ["unavailable", "{program} did not end within {seconds} s"],
	PROCESS_STUCK: [
		"unavailable",
		"{program} is not started: {count} earlier runs (pid {pids}) cannot be killed; a device does not answer",
	],
	DAEMON_ENDED: [
		"unavailable",
		"multipathd ended while it read the new files, so the previous ones are back; start it: systemctl start multipathd",
	],
	DAEMON_UNREACHABLE: ["unavailable", "Pathkeeper's daemon does not answer on {address}: {problem}"],
	NODE_UNREACHABLE: ["unavailable", "node '{node}' is not reachable ({problem})"],
	NODE_BUSY: ["unavailable", "node '{node}' is busy ({problem}); nothing was done, try again later"],
	NODE_NOT_DONE: ["unavailable", "node '{node}' is not done yet ({problem})"],
	LOGIN_LIMITED: ["unavailable", "too many logins; try again in {seconds} s"],
	HEAVY_WORK_OF_CALLER: [
		"unavailable",
		"previews or changes of whole documents are being worked out for {user} already; wait for their answers",
	],
	HEAVY_WORK_BUSY: [
		"unavailable",
		"too many others wait for previews and changes of whole documents; try again in a moment",
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
	REMOTE: ["unavailable", "{message}"],
	// broken: it fails until somebody repairs something
	MULTIPATHD_UNREADABLE: ["broken", "multipathd's reply to '{command}' cannot be read: {problem}"],
	LVM_FAILED: ["broken", "{command} failed: {problem}"],
	LVM_UNREADABLE: ["broken", "the report of {command} cannot be read: {problem}"],
	PROCESS_FAILED: ["broken", "{program} failed: {problem}"],
	FILE_UNREADABLE: ["broken", "{path} cannot be read: {problem}"],
	FILE_UNSAFE: ["broken", "{path} was not written: {problem}"],
	FOLDER_UNSAFE: ["broken", "{path} is not used: {problem}"],
	LEDGER_UNREADABLE: [
		"broken",
		"{path}, which says what Pathkeeper put on this host, cannot be read ({problem}): nothing is changed; restore it, or move it away to start with owning nothing",
	],
	HOST_CONF_BROKEN: [
		"broken",
		"multipath -t cannot read the configuration of this host even without the new files, so they are not applied; mend the other file: {problem}",
	],
	SERVER_UNTRUSTED: ["broken", "the certificate of {address} is not trusted: {problem}"],
	CANNOT_LISTEN: ["broken", "{address} cannot be served: {problem}"],
	WORKER_FILE_MISSING: [
		"broken",
		"the program of the worker thread {path} cannot be read ({problem}); put it there from the same release, or install the package again",
	],
	CERTIFICATE_UNUSABLE: ["broken", "the certificate {path} cannot be used: {problem}"],
	NODE_ANSWER_UNREADABLE: ["broken", "the answer of node '{node}' cannot be read ({problem})"],
	STORE_DAMAGED: ["broken", "{path} cannot be used: {problem}; nothing in it was changed"],
	STORE_TOO_NEW: [
		"broken",
		"{path} was written by a newer Pathkeeper (layout {found}, this one knows {known}); nothing in it was changed",
	],
	DOCUMENT_UNREADABLE: ["broken", "{key} in the store cannot be read: {problem}"],
	// bug: a fault of Pathkeeper
	BUG: ["bug", "this is a fault of Pathkeeper: {problem}"],
} as const satisfies Record<string, readonly [FaultClass, string]>;

export type ErrorCode = keyof typeof table;

export interface ErrorOptions {
	/** Per-field messages, as Proxmox VE's `errors` map. */
	readonly fields?: Readonly<Record<string, string>>;
	/** After how many seconds the same call may be made again; absent: nobody knows. */
	readonly retryAfterS?: number;
	readonly cause?: unknown;
}

type PlaceOf<Code extends ErrorCode> = PlaceIn<(typeof table)[Code][1]>;

/** One value for each place of the message, and none that only another message has, also from a variable. */
type ValuesOf<Code extends ErrorCode> = { readonly [Name in PlaceOf<Code>]: string | number } & {
	readonly [Name in Exclude<PlaceOf<ErrorCode>, PlaceOf<Code>>]?: never;
};

/** What follows the code: the values of its message where that has places for them, then the options. */
type Rest<Code extends ErrorCode> = [PlaceOf<Code>] extends [never]
	? [options?: ErrorOptions]
	: [values: ValuesOf<Code>, options?: ErrorOptions];

type OwnArguments = { [Code in ErrorCode]: [code: Code, ...rest: Rest<Code>] }[ErrorCode];
type ReceivedArguments = [received: ReceivedError, options?: ErrorOptions];

/**
 * An error of another process: its code, its message and its values as JSON data. Its version may be another one, so
 * that message and values are not compared with the table here.
 */
export class ReceivedError {
	readonly #code: ErrorCode;
	readonly #message: string;
	readonly #values: Values;

	constructor(code: ErrorCode, message: string, values: Values) {
		this.#code = code;
		this.#message = message;
		this.#values = values;
	}

	get code(): ErrorCode {
		return this.#code;
	}

	get message(): string {
		return this.#message;
	}

	get values(): Values {
		return this.#values;
	}
}

/** The one error type that crosses package borders. */
export class PathkeeperError extends Error {
	override readonly name = "PathkeeperError";
	readonly code: ErrorCode;
	readonly fault: FaultClass;
	/** What stands in the places of the message; as JSON data. */
	readonly values: Values;
	readonly fields: Readonly<Record<string, string>>;
	/** After how many seconds the same call may be made again; null: nobody knows. */
	readonly retryAfterS: number | null;

	/** `new PathkeeperError("LUN_IN_USE", { wwid, users }, { cause })`; without the values where the message has none. */
	constructor(...args: OwnArguments | ReceivedArguments) {
		const { code, message, values, options } = isReceived(args) ? receivedParts(args) : ownParts(args);
		super(message, { cause: options.cause });
		this.code = code;
		this.fault = table[code][0];
		this.values = values;
		this.fields = options.fields ?? {};
		this.retryAfterS = options.retryAfterS ?? null;
	}
}

interface Parts {
	readonly code: ErrorCode;
	readonly message: string;
	readonly values: Values;
	readonly options: ErrorOptions;
}

function isReceived(args: OwnArguments | ReceivedArguments): args is ReceivedArguments {
	return args[0] instanceof ReceivedError;
}

function receivedParts([{ code, message, values }, options = {}]: ReceivedArguments): Parts {
	return { code, message, values, options };
}

function ownParts([code, ...rest]: OwnArguments): Parts {
	const [, template] = table[code];
	const [first, second]: readonly [first?: Values | ErrorOptions, second?: ErrorOptions] = rest;
	return isValues(template, first)
		? { code, message: fill(template, first), values: first, options: second ?? {} }
		: { code, message: template, values: {}, options: first ?? {} };
}

/** The types of the arguments say the same: values come first where the message has places for them. */
function isValues(template: string, first: Values | ErrorOptions | undefined): first is Values {
	return first !== undefined && hasPlaces(template);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

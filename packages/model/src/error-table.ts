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

export const errorTable = {
	// input: what was asked for has to change
	CONF_INVALID: ["input", "{what}: {problem}"],
	WWID_INVALID: ["input", "'{wwid}' is not a WWID: {problem}"],
	PARAMETER_INVALID: ["input", "Parameter verification failed."],
	STORE_LIMIT: ["input", "{what} does not fit in the store: {problem}"],
	COMMAND_INVALID: ["input", "'{command}' cannot be sent to multipathd: {problem}"],
	REMOTE_REFUSED: ["input", "{message}"],
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
	VOLUME_NAME_INVALID: ["input", "unable to parse {type} volume name '{volname}'"],
	LINT_FAILED: ["input", "multipath -t rejects the new files, so the previous ones were restored: {problem}"],
	HEAVY_WORK_TOO_MUCH: [
		"input",
		"evaluating the document takes {problem}; make it smaller, or change it step by step",
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
	AGENT_STOPPED: ["conflict", "the agent of this node was stopped before this was finished"],
	VOLUME_REFUSED: ["conflict", "{problem}"],
	VOLUME_IN_USE: ["conflict", "volume '{volume}' is in use and was not changed: {users}"],
	DEVICE_NOT_EMPTY: [
		"conflict",
		"no volume group was created on '{device}', because it contains {carries}; choose another volume, or wipe this one yourself",
	],
	BASE_UNSUPPORTED: [
		"conflict",
		"unsupported base type '{type}': the volumes of storage '{storage}' are not LUNs",
	],
	FILE_FOREIGN: [
		"conflict",
		"{path} exists and was not created by Pathkeeper: it was left alone and nothing was applied; move it away first",
	],
	STORE_IN_USE: ["conflict", "{path} is open in another process; stop that process first"],
	TASK_TYPE_UNKNOWN: [
		"conflict",
		"the agent of node '{node}' does not know the task '{type}', so nothing was done; is it older than the server?",
	],
	TASK_ARGUMENT_INVALID: [
		"conflict",
		"the task '{type}' was left in another form than this agent knows, so nothing was done ({problem}); is the server of another version?",
	],
	TASK_LOST: ["conflict", "{outcome}"],
	NODE_REFUSED: ["conflict", "{problem}"],
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
	PROGRAM_NOT_INSTALLED: ["absent", "{program} is not installed on this node"],
	MULTIPATHD_NOT_INSTALLED: ["absent", "multipath-tools is not installed: {problem}"],
	MULTIPATHD_UNKNOWN_COMMAND: ["absent", "this multipathd does not know '{command}'"],
	STORAGE_DISABLED: ["absent", "storage '{storage}' is not available on node '{node}'"],
	MAP_ABSENT: [
		"absent",
		"multipath map for WWID '{wwid}' is not present - is it in the multipath allow-list and are its paths up?",
	],
	STORE_LEASE_LOST: ["absent", "lease {lease} is lost: it was not renewed in time"],
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
	MULTIPATHD_TIMEOUT: ["unavailable", "multipathd is busy: it timed out on '{command}'"],
	MULTIPATHD_FAIL: ["unavailable", "multipathd refused '{command}': {problem}"],
	MULTIPATHD_CUT: [
		"unavailable",
		"multipathd's reply to '{command}' was cut off after {got} of {expected} bytes",
	],
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
	STORAGE_OFFLINE: ["unavailable", "storage '{storage}' is not online{problem}"],
	ISCSI_FAILED: ["unavailable", "iSCSI discovery at {portal} failed: {problem}"],
	PROCESS_DEADLINE: ["unavailable", "{program} did not finish within {seconds} s"],
	PROCESS_STUCK: [
		"unavailable",
		"{program} was not started: {count} earlier runs (pid {pids}) cannot be killed; a device does not respond",
	],
	DAEMON_ENDED: [
		"unavailable",
		"multipathd exited while it read the new files, so the previous ones were restored; start it: systemctl start multipathd",
	],
	DAEMON_UNREACHABLE: ["unavailable", "Pathkeeper's daemon does not answer on {address}: {problem}"],
	NODE_UNREACHABLE: ["unavailable", "node '{node}' is not reachable ({problem})"],
	NODE_BUSY: ["unavailable", "node '{node}' is busy ({problem}); nothing was done, try again later"],
	NODE_NOT_DONE: ["unavailable", "node '{node}' has not finished yet ({problem})"],
	LOGIN_LIMITED: ["unavailable", "too many login attempts; try again in {seconds} s"],
	HEAVY_WORK_OF_CALLER: [
		"unavailable",
		"previews or changes of whole documents are already being computed for {user}; wait for them to finish",
	],
	HEAVY_WORK_BUSY: [
		"unavailable",
		"too many previews and changes of whole documents are waiting; try again in a moment",
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
		"{path}, the record of what Pathkeeper put on this host, cannot be read ({problem}): nothing was changed; restore it, or move it away to start with an empty record",
	],
	HOST_CONF_BROKEN: [
		"broken",
		"multipath -t cannot read the configuration of this host even without the new files, so they were not applied; fix the other file: {problem}",
	],
	SERVER_UNTRUSTED: ["broken", "the certificate of {address} is not trusted: {problem}"],
	CANNOT_LISTEN: ["broken", "cannot listen on {address}: {problem}"],
	WORKER_FILE_MISSING: [
		"broken",
		"the program of the worker thread {path} cannot be read ({problem}); restore it from the same release, or reinstall the package",
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
	BUG: ["bug", "this is a bug in Pathkeeper: {problem}"],
} as const satisfies Record<string, readonly [FaultClass, string]>;

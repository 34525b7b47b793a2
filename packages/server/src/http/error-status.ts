import type { ErrorCode, FaultClass, PathkeeperError } from "@pathkeeper/model";

/** Statuses as Proxmox VE answers them: what `die`s there is 500 here, whoever's fault it is. */
const byFault: Readonly<Record<FaultClass, number>> = {
	input: 400,
	denied: 403,
	conflict: 500,
	absent: 500,
	unavailable: 500,
	broken: 500,
	bug: 500,
};

/** Statuses of single errors. Those of access control are as Proxmox VE has them. */
const byCode: Readonly<Partial<Record<ErrorCode, number>>> = {
	NO_TICKET: 401,
	AUTHENTICATION_FAILED: 401,
	TICKET_INVALID: 401,
	LOGIN_FAILED: 401,
	CSRF_INVALID: 401,
	PERMISSION_DENIED: 403,
	LOGIN_LIMITED: 429,
	HEAVY_WORK_OF_CALLER: 429,
	HEAVY_WORK_BUSY: 503,
	// Over by themselves (RFC 9110, section 15.6.4); they carry `Retry-After`.
	NODE_BUSY: 503,
	TOO_MANY_LISTENERS: 503,
	// The store has no room (RFC 4918, section 11.5), or the caller wrote too much (RFC 6585, section 4).
	STORE_FULL: 507,
	STORE_RESERVED: 507,
	WRITES_LIMITED: 429,
};

/** What is said of the caller: who they are, what they may do, how often they asked. */
const aboutCaller: readonly number[] = [401, 403, 429];

/** HTTP status of the answer that shows an error. What a node was denied is not denied to the caller. */
export function statusOfError({
	code,
	fault,
	isReceived,
}: Pick<PathkeeperError, "code" | "fault" | "isReceived">): number {
	const status = byCode[code] ?? byFault[fault];
	return isReceived && aboutCaller.includes(status) ? byFault.broken : status;
}

/** True for a code that says something of the caller. */
export function isAboutCaller(code: ErrorCode): boolean {
	return aboutCaller.includes(byCode[code] ?? 0);
}

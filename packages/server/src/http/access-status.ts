import type { ErrorCode } from "@pathkeeper/model";

/** HTTP status of the errors of access control, as Proxmox VE has them; others go by whose fault they are. */
export const accessStatus: Readonly<Partial<Record<ErrorCode, number>>> = {
	NO_TICKET: 401,
	AUTHENTICATION_FAILED: 401,
	TICKET_INVALID: 401,
	LOGIN_FAILED: 401,
	CSRF_INVALID: 401,
	PERMISSION_DENIED: 403,
	LOGIN_LIMITED: 429,
	HEAVY_WORK_OF_CALLER: 429,
	HEAVY_WORK_BUSY: 503,
};

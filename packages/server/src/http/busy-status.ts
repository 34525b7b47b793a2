import type { ErrorCode } from "@pathkeeper/model";

/** HTTP status of refusals that are over by themselves (RFC 9110, section 15.6.4); they carry `Retry-After`. */
export const busyStatus: Readonly<Partial<Record<ErrorCode, number>>> = {
	NODE_BUSY: 503,
	TOO_MANY_LISTENERS: 503,
};

import type { ErrorCode } from "@pathkeeper/model";

/** HTTP status of what is refused for want of room (RFC 4918, section 11.5) or of patience (RFC 6585, section 4). */
export const roomStatus: Readonly<Partial<Record<ErrorCode, number>>> = {
	STORE_FULL: 507,
	STORE_RESERVED: 507,
	WRITES_LIMITED: 429,
};

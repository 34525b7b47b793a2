import type { BoundRoute } from "../http/bind.ts";
import type { AccessContext } from "./access-context.ts";
import { aclHandlers } from "./acl-handlers.ts";
import { auditHandlers } from "./audit-handlers.ts";
import { sessionHandlers } from "./session-handlers.ts";
import { tokenHandlers } from "./token-handlers.ts";
import { userHandlers } from "./user-handlers.ts";

/** Every route below `/access` with what answers it. */
export function accessHandlers(access: AccessContext): readonly BoundRoute[] {
	return [
		...sessionHandlers(access),
		...userHandlers(access),
		...tokenHandlers(access),
		...aclHandlers(access),
		...auditHandlers(access),
	];
}

/** `/access/audit`: who changed what. */
import { accessRoutes } from "@pathkeeper/model";
import { readAudit } from "@pathkeeper/store";
import { type BoundRoute, bind } from "../routes/bind.ts";
import type { AccessContext } from "./access-context.ts";

const shownAtOnce = 500;

export function auditHandlers({ store }: AccessContext): BoundRoute[] {
	return [
		bind(accessRoutes.readAudit, async ({ limit = shownAtOnce }) =>
			(await readAudit(store, limit)).map(({ at, by, from, what, subject, before, after }) => ({
				time: at / 1000,
				user: by,
				from,
				what,
				subject,
				before,
				after,
			})),
		),
	];
}

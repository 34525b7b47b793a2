/** `/access/audit`: who changed what, and who was refused. */
import { accessRoutes } from "@pathkeeper/model";
import { type KeptAuditRecord, readAudit } from "@pathkeeper/store";
import { type BoundRoute, bind } from "../routes/bind.ts";
import type { AccessContext } from "./access-context.ts";

const shownAtOnce = 500;
/** Clocks of servers may differ: records of one that is ahead are shown as well. */
const aheadMs = 24 * 60 * 60 * 1000;

export function auditHandlers({ store, refusals, now }: AccessContext): BoundRoute[] {
	return [
		bind(accessRoutes.readAudit, async ({ limit = shownAtOnce, since, until, ...wanted }) => {
			// What was refused up to now is among what is shown; a store that takes nothing is read all the same.
			await refusals.flush().catch(() => undefined);
			const records = await readAudit(store, limit, {
				...wanted,
				since: since === undefined ? undefined : since * 1000,
				// To the end of that second.
				until: until === undefined ? now() + aheadMs : until * 1000 + 999,
			});
			return records.map(rowOf);
		}),
	];
}

function rowOf(record: KeptAuditRecord) {
	const { id, at, by, from, what, subject, before, after, detail = "", count = 1, until = at } = record;
	return {
		id,
		time: at / 1000,
		user: by,
		from,
		what,
		subject,
		detail,
		count,
		until: until / 1000,
		before,
		after,
	};
}

import { type AuditKind, accessRoutes, type ResultOf } from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { momentOfOption, momentText } from "./moments.ts";

export interface AuditOptions {
	readonly user?: string;
	readonly kind?: AuditKind;
	readonly since?: string;
	readonly until?: string;
	readonly limit: number;
}

type AuditRow = ResultOf<typeof accessRoutes.readAudit>[number];

const pageSize = 1000;

/** `audit`: who changed what, oldest first, so that the newest stands at the prompt. */
export async function showAudit(session: Session, options: AuditOptions): Promise<void> {
	const { io, output } = session;
	const { user, kind, since, until, limit } = options;
	const records = await readRecords(session, limit, {
		...(user === undefined ? {} : { user }),
		...(kind === undefined ? {} : { kind }),
		...(since === undefined ? {} : { since: secondsOf("since", since, io.now()) }),
		...(until === undefined ? {} : { until: secondsOf("until", until, io.now()) }),
	});
	output.rows(records, () =>
		records.length === 0
			? emptyPlace(output, "noAudit")
			: output.table<AuditRow>(
					[
						{ head: "WHEN", cell: ({ time }) => momentText(time * 1000) },
						{ head: "WHO", cell: (record) => shown(record.user) },
						{ head: "FROM", cell: ({ from }) => (from === null ? "local socket" : shown(from)), drop: 3 },
						{ head: "WHAT", cell: ({ what }) => shown(what) },
						{ head: "TIMES", cell: ({ count }) => String(count), align: "right", drop: 2 },
						{ head: "ABOUT", cell: ({ subject }) => shown(subject) },
						{ head: "DETAIL", cell: ({ detail }) => shown(detail), drop: 1 },
					],
					records,
				),
	);
}

async function readRecords(
	{ client }: Session,
	limit: number,
	asked: {
		readonly user?: string;
		readonly kind?: AuditKind;
		readonly since?: number;
		readonly until?: number;
	},
): Promise<AuditRow[]> {
	const found: AuditRow[] = [];
	while (found.length < limit) {
		const before = found.at(-1)?.id;
		const most = Math.min(pageSize, limit - found.length);
		const page = await client.call(accessRoutes.readAudit, {
			...asked,
			limit: most,
			...(before === undefined ? {} : { before }),
		});
		found.push(...page);
		if (page.length < most) break;
	}
	return found.reverse();
}

function secondsOf(name: "since" | "until", text: string, now: number): number {
	return Math.floor(momentOfOption(name, text, now) / 1000);
}

import { auditKinds } from "@pathkeeper/model";
import { type Command, Option } from "commander";
import { type AuditOptions, showAudit } from "../commands/audit.ts";
import { countFrom } from "./counts.ts";
import type { Online } from "./runs.ts";

/** Who changed what, and who was refused. */
export function addAuditCommand(program: Command, online: Online): void {
	program
		.command("audit")
		.summary("who changed what, and who was refused")
		.description(
			"Who changed what, and who was refused: users, tokens, roles, configuration, tasks, failed logins. Refusals are one record with a count for each name, address block and minute. Needs Permissions.Modify.",
		)
		.option("--user <user>", "only by this user and their tokens, or by this token")
		.addOption(new Option("--kind <kind>", "only of this kind").choices(auditKinds))
		.option(
			"--since <time>",
			"start of the period: how long ago (15m, 2h, 3d), or a date such as 2026-11-25T22:41",
		)
		.option("--until <time>", "up to then")
		.option("-n, --limit <count>", "at most this many, the newest", countFrom(1, 20_000), 100)
		.action((flags: AuditOptions) => online((session) => showAudit(session, flags)));
}

import { multipathRoutes, sizeText } from "@pathkeeper/model";
import { Progress } from "../output/progress.ts";
import { toldOnce } from "../output/told-once.ts";
import { counted, shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { guard } from "./assignments.ts";
import { findLun } from "./find-lun.ts";

export interface ForgetOptions {
	readonly force: boolean;
	readonly yes: boolean;
	readonly digest?: string;
}

/**
 * `lun forget WWID|ALIAS`. Asks first where somebody can answer; a script is not asked, and the server's own guard
 * holds for both. Gives the exit code: 1 when it is not sure that the LUN is gone everywhere.
 */
export async function runForget(session: Session, name: string, options: ForgetOptions): Promise<number> {
	const { client, output, io } = session;
	const { wwid, alias } = findLun(await client.call(multipathRoutes.listLuns, {}), name);
	if (io.canAsk && !options.yes && !(await io.confirm(await question(session, wwid, alias)))) {
		output.note("Nothing was changed.");
		return 1;
	}
	const progress = new Progress(io);
	progress.show("asking every node what uses it, removing it, then checking that it is gone …");
	const force = options.force ? { force: 1 as const } : {};
	const parameters = { wwid, ...force, ...guard(options.digest) };
	const result = await client.call(multipathRoutes.forgetLun, parameters).finally(() => progress.end());
	output.document({ wwid, ...result }, () =>
		[
			...toldOnce(result.log).map((line) => output.lines(shown(line), "", "    ")),
			output.lines(`LUN ${shown(alias ?? wwid)} is off the allow-list.`),
		].join(""),
	);
	if (result.verified === 1) return 0;
	output.note(
		"It is NOT verified that the LUN is gone from every node that was asked: see above, and do not remove it on the array before it is.",
	);
	return 1;
}

async function question({ client }: Session, wwid: string, alias: string | undefined): Promise<string> {
	const { luns, nodes } = await client.call(multipathRoutes.getStatus, {});
	const lun = luns.find((other) => other.wwid === wwid);
	const disk = [lun?.vendor, lun?.model].filter(Boolean).join(" ");
	const facts = [alias === undefined ? "" : wwid, sizeText(lun?.size ?? null), disk].filter(
		(text) => text !== "" && text !== "-",
	);
	const what = facts.length === 0 ? "" : ` (${facts.map(shown).join(", ")})`;
	return `Forget LUN ${shown(alias ?? wwid)}${what} on ${counted(nodes.length, "node")}? Its maps are removed; its data stays.`;
}

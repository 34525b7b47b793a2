import { multipathRoutes } from "@pathkeeper/model";
import { toldOnce } from "../output/told-once.ts";
import { counted, marked, shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { assignments, changeParameters, guard, type SettingsChange } from "./assignments.ts";
import { findLun } from "./find-lun.ts";
import { type Applied, appliedDocument, appliedExitCode, appliedText, waitApplied } from "./wait-applied.ts";

/** `lun allow WWID [KEY=VALUE…]`. Gives the exit code. */
export async function allowLun(session: Session, wwid: string, change: SettingsChange): Promise<number> {
	const { client, output } = session;
	const { digest, seen } = await client.call(multipathRoutes.allowLun, {
		...assignments(change.set),
		wwid,
		...guard(change.digest),
	});
	if (output.isTable) output.text(`LUN ${shown(wwid)} is allowed.\n`);
	if (seen.length === 0) {
		output.note(
			`warning: no node sees WWID ${shown(wwid)} now. If it is misspelt: pathkeeper lun forget ${shown(wwid)}; what there is: pathkeeper lun list --candidates`,
		);
	}
	return await finish(session, wwid, { digest, seen }, change.wait);
}

/** `lun set WWID|ALIAS KEY=VALUE… [--unset KEY]`. Gives the exit code. */
export async function setLun(session: Session, name: string, change: SettingsChange): Promise<number> {
	const { client, output } = session;
	const parameters = changeParameters(change);
	const { wwid } = findLun(await client.call(multipathRoutes.listLuns, {}), name);
	const { digest } = await client.call(multipathRoutes.putLun, { ...parameters, wwid });
	if (output.isTable) output.text(`LUN ${shown(name)} is changed.\n`);
	return await finish(session, wwid, { digest }, change.wait);
}

/** Waits, unless told not to, and shows what became of the LUN. */
async function finish(session: Session, wwid: string, result: object, wait: boolean): Promise<number> {
	const { output } = session;
	if (!wait) {
		if (!output.isTable) output.document(result, () => "");
		return 0;
	}
	const applied = await waitApplied(session);
	const lun = applied.fleet.luns.find((other) => other.wwid === wwid);
	const { state = "unknown", reasons = [] } = lun ?? {};
	output.document({ ...result, applied: appliedDocument(applied), state, reasons }, () =>
		[
			appliedText(applied),
			lun === undefined ? "" : `${marked(state, stateOnNodes(applied, wwid, state), output.colour)}\n`,
			...toldOnce(reasons).map((reason) => output.lines(shown(reason), "  - ", "    ")),
		].join(""),
	);
	return appliedExitCode(applied);
}

/** `optimal: 4 of 4 paths usable on each of 3 nodes`, `missing on 2 of 3 nodes`. */
function stateOnNodes({ fleet }: Applied, wwid: string, state: string): string {
	const nodes = Object.values(fleet.luns.find((lun) => lun.wwid === wwid)?.nodes ?? {});
	const counts = new Set(nodes.map(({ usable, expected }) => `${usable} of ${expected} paths usable`));
	const [count] = counts;
	const each = nodes.length === 1 ? "" : ` on each of ${nodes.length} nodes`;
	if (state === "optimal" && counts.size === 1) return `${state}: ${count}${each}`;
	const same = nodes.filter((here) => here.state === state).length;
	return nodes.length === 1 ? state : `${state} on ${same} of ${counted(nodes.length, "node")}`;
}

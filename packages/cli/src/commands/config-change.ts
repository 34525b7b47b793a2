import { multipathRoutes } from "@pathkeeper/model";
import type { Session } from "../session.ts";
import { changeParameters, guard, type SettingsChange } from "./assignments.ts";
import { appliedDocument, appliedExitCode, appliedText, waitApplied } from "./wait-applied.ts";

/** `config set KEY=VALUE… [--unset KEY]`: settings for every LUN. Gives the exit code. */
export async function setDefaults(session: Session, change: SettingsChange): Promise<number> {
	const result = await session.client.call(multipathRoutes.putDefaults, changeParameters(change));
	return await afterStoring(session, "The defaults were changed.", result, change.wait);
}

/** `config overrides FILE`: replaces the overrides with a file's text. Gives the exit code. */
export async function putOverrides(
	session: Session,
	file: string,
	{ digest, wait }: { readonly digest?: string; readonly wait: boolean },
): Promise<number> {
	const { client, io } = session;
	const text = io.readFile(file);
	const result = await client.call(multipathRoutes.putOverrides, { text, ...guard(digest) });
	return await afterStoring(session, "multipath-overrides.conf is stored.", result, wait);
}

/** Says what was stored, and unless told not to wait, how far the nodes are with it. Gives the exit code. */
export async function afterStoring(
	session: Session,
	done: string,
	result: object,
	wait: boolean,
): Promise<number> {
	const { output } = session;
	if (output.isTable) output.text(`${done}\n`);
	if (!wait) {
		if (!output.isTable) output.document(result, () => "");
		return 0;
	}
	const applied = await waitApplied(session);
	output.document({ ...result, applied: appliedDocument(applied) }, () => appliedText(applied));
	return appliedExitCode(applied);
}

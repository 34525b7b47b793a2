import type { Session } from "../session.ts";
import { readDocument, storeProposal } from "./config-proposal.ts";

export interface EditOptions {
	readonly overrides: boolean;
	readonly yes: boolean;
	readonly wait: boolean;
}

/**
 * `config edit [--overrides]`: the editor, then a preview, then the question, then the change under the digest that
 * the editor began with. Whatever goes wrong, what was written is kept. Gives the exit code.
 */
export async function editConfig(session: Session, options: EditOptions): Promise<number> {
	const { output, io } = session;
	const before = await readDocument(session, options.overrides);
	const { text, file } = await io.edit(before.text, before.name);
	if (text === before.text) {
		output.note("Nothing was changed.");
		return 0;
	}
	const { yes, wait } = options;
	return await storeProposal(session, before, text, { yes, wait, keep: `What you wrote is kept in ${file}` });
}

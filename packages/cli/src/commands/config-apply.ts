import { PathkeeperError } from "@pathkeeper/model";
import type { Session } from "../session.ts";
import type { EditOptions } from "./config-edit.ts";
import { readDocument, storeProposal } from "./config-proposal.ts";

export interface ApplyOptions extends EditOptions {
	/** Refused when the document that is stored has another digest. */
	readonly digest?: string;
}

/**
 * `config apply FILE [--overrides]`: a file's text in place of the document that is stored, after a preview and a
 * question. Gives the exit code. Throws DIGEST_CONFLICT when the document is another than `digest` says.
 */
export async function applyFile(
	session: Session,
	file: string,
	{ overrides, yes, wait, digest }: ApplyOptions,
): Promise<number> {
	const { output, io } = session;
	const text = io.readFile(file);
	const before = await readDocument(session, overrides);
	if (digest !== undefined && digest !== before.digest) throw new PathkeeperError("DIGEST_CONFLICT");
	if (text === before.text) {
		output.note(`${before.name} is already stored in this form; nothing was changed.`);
		return 0;
	}
	return await storeProposal(session, before, text, { yes, wait, keep: "" });
}

import { diffLines, multipathRoutes, PathkeeperError } from "@pathkeeper/model";
import type { Session } from "../session.ts";
import { afterStoring } from "./config-change.ts";
import { isRefused, previewText, shownLines } from "./preview-text.ts";

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
	const { client, output, io } = session;
	const before = await documentOf(session, options.overrides);
	const { text, file } = await io.edit(before.text, before.name);
	if (text === before.text) {
		output.note("Nothing was changed.");
		return 0;
	}
	const keep = `What you wrote is kept in ${file}`;
	try {
		const proposal = options.overrides ? { overrides: text } : { text };
		const preview = await client.call(multipathRoutes.preview, proposal);
		if (output.isTable) output.text(previewText(preview, output));
		else io.err(previewText(preview, output));
		if (isRefused(preview)) {
			output.note(`Not stored, because of the problems above. ${keep}`);
			return 1;
		}
		if (!options.yes && !(await io.confirm("Store this, and have it applied on every node?"))) {
			output.note(io.canAsk ? `Not stored. ${keep}` : `Not stored: nobody can answer; give --yes. ${keep}`);
			return 1;
		}
		const route = options.overrides ? multipathRoutes.putOverrides : multipathRoutes.putConfig;
		const result = await client.call(route, { text, digest: before.digest });
		return await afterStoring(session, `${before.name} is stored.`, result, options.wait);
	} catch (error) {
		if (isConflict(error)) await showOtherChange(session, options.overrides, before);
		output.note(keep);
		throw error;
	}
}

interface Document {
	readonly name: string;
	readonly text: string;
	readonly digest: string;
}

async function documentOf({ client }: Session, overrides: boolean): Promise<Document> {
	const config = await client.call(multipathRoutes.getConfig, {});
	return overrides
		? { name: "multipath-overrides.conf", text: config.overrides, digest: config["overrides-digest"] }
		: { name: "multipath.cfg", text: config.text, digest: config.digest };
}

/** The message is all that Proxmox VE's wire form tells of a conflict. */
function isConflict(error: unknown): boolean {
	return error instanceof PathkeeperError && error.message === new PathkeeperError("DIGEST_CONFLICT").message;
}

async function showOtherChange(session: Session, overrides: boolean, before: Document): Promise<void> {
	const now = await documentOf(session, overrides);
	const diff = diffLines(before.text, now.text, { from: "when you began", to: "as somebody else left it" });
	session.io.err(`What somebody else changed meanwhile:\n${shownLines(diff)}`);
}

/** What `config edit` and `config apply` have in common: a new text of a document, shown, confirmed, then stored. */
import { diffLines, multipathRoutes, PathkeeperError } from "@pathkeeper/model";
import type { Session } from "../session.ts";
import { afterStoring } from "./config-change.ts";
import { isRefused, previewText, shownLines } from "./preview-text.ts";

/** A document of the configuration as it was read. */
export interface ConfigDocument {
	readonly name: "multipath.cfg" | "multipath-overrides.conf";
	readonly text: string;
	readonly digest: string;
}

export interface ProposalOptions {
	/** True: store without asking. */
	readonly yes: boolean;
	/** False: do not wait until the nodes have applied it. */
	readonly wait: boolean;
	/** Where the new text is; said whenever it was not stored. Empty: nowhere that has to be named. */
	readonly keep: string;
}

export async function readDocument({ client }: Session, overrides: boolean): Promise<ConfigDocument> {
	const config = await client.call(multipathRoutes.getConfig, {});
	return overrides
		? { name: "multipath-overrides.conf", text: config.overrides, digest: config["overrides-digest"] }
		: { name: "multipath.cfg", text: config.text, digest: config.digest };
}

/**
 * Shows what every node would get from `text`, asks, and stores it under the digest of `before`. Gives the exit code: 1
 * when it would be refused or was not confirmed. Throws what the API throws.
 */
export async function storeProposal(
	session: Session,
	before: ConfigDocument,
	text: string,
	{ yes, wait, keep }: ProposalOptions,
): Promise<number> {
	const { client, output, io } = session;
	const overrides = before.name === "multipath-overrides.conf";
	try {
		const preview = await client.call(multipathRoutes.preview, overrides ? { overrides: text } : { text });
		if (output.isTable) output.text(previewText(preview, output));
		else io.err(previewText(preview, output));
		if (isRefused(preview)) {
			output.note(`Not stored, because of the problems above. ${keep}`.trimEnd());
			return 1;
		}
		if (!yes && !(await io.confirm("Store this and apply it on every node?"))) {
			const why = io.canAsk ? "Not stored." : "Not stored: there is no terminal to confirm on; use --yes.";
			output.note(`${why} ${keep}`.trimEnd());
			return 1;
		}
		const route = overrides ? multipathRoutes.putOverrides : multipathRoutes.putConfig;
		const result = await client.call(route, { text, digest: before.digest });
		return await afterStoring(session, `${before.name} is stored.`, result, wait);
	} catch (error) {
		if (isConflict(error)) await showOtherChange(session, before);
		if (keep !== "") output.note(keep);
		throw error;
	}
}

function isConflict(error: unknown): boolean {
	return error instanceof PathkeeperError && error.code === "DIGEST_CONFLICT";
}

async function showOtherChange(session: Session, before: ConfigDocument): Promise<void> {
	const now = await readDocument(session, before.name === "multipath-overrides.conf");
	const diff = diffLines(before.text, now.text, {
		from: "when you began",
		to: "as somebody else changed it",
	});
	session.io.err(`What somebody else changed in the meantime:\n${shownLines(diff)}`);
}

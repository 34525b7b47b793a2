import { PathkeeperError } from "@pathkeeper/model";
import { type ConfigDocumentName, editConfig, readConfig } from "@pathkeeper/store";
import type { Caller } from "../http/caller.ts";
import type { HandlerContext } from "./handler-context.ts";

/** Changes a config document in the name of a caller, under the digest that the caller based the change on. */
export async function editDocument(
	{ store, runtime, questions }: Pick<HandlerContext, "store" | "runtime" | "questions">,
	name: ConfigDocumentName,
	change: (text: string) => string,
	{ caller, digest }: { readonly caller: Caller; readonly digest: string | undefined },
): Promise<{ digest: string }> {
	const author = { by: caller.user, from: caller.from, at: runtime.now() };
	const edit = digest === undefined ? author : { ...author, digest };
	const document = await editConfig(store, name, change, edit);
	questions.changed();
	return { digest: document.digest };
}

/** Others may write between a check and its write so often before we give up. */
const tries = 5;

/**
 * Replaces a whole document with a text that was checked against the one it replaces: `isSound` throws when it is not,
 * and is asked again when somebody else wrote meanwhile. Throws DIGEST_CONFLICT as `editDocument` does.
 */
export async function replaceDocument(
	context: Pick<HandlerContext, "store" | "runtime" | "questions">,
	name: ConfigDocumentName,
	{ text, isSound }: { readonly text: string; readonly isSound: (before: string) => Promise<void> },
	{ caller, digest }: { readonly caller: Caller; readonly digest: string | undefined },
): Promise<{ digest: string }> {
	for (let n = 0; n < tries; n++) {
		const before = await readConfig(context.store, name);
		if (digest !== undefined && digest !== before.digest) break;
		await isSound(before.text);
		try {
			return await editDocument(context, name, () => text, { caller, digest: before.digest });
		} catch (error) {
			if (!(error instanceof PathkeeperError) || error.code !== "DIGEST_CONFLICT") throw error;
		}
	}
	throw new PathkeeperError("DIGEST_CONFLICT");
}

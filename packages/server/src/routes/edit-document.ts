import { type ConfigDocumentName, editConfig } from "@pathkeeper/store";
import type { Caller } from "../caller.ts";
import type { HandlerContext } from "./context.ts";

/** Changes a config document in the name of a caller, under the digest that the caller based the change on. */
export async function editDocument(
	{ store, now, questions }: Pick<HandlerContext, "store" | "now" | "questions">,
	name: ConfigDocumentName,
	change: (text: string) => string,
	{ caller, digest }: { readonly caller: Caller; readonly digest: string | undefined },
): Promise<{ digest: string }> {
	const author = { by: caller.user, from: caller.from, at: now() };
	const edit = digest === undefined ? author : { ...author, digest };
	const document = await editConfig(store, name, change, edit);
	questions.changed();
	return { digest: document.digest };
}

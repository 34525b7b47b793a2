import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { harmlessJson } from "./output/output.ts";
import { shown } from "./output/words.ts";

/** An error for people: its message, then each field that is at fault, all of it harmless to a terminal. */
export function errorText(error: unknown): string {
	const message = messageOf(error);
	const fields = error instanceof PathkeeperError ? Object.entries(error.fields) : [];
	// The server repeats in a field what the message of a refused document says already.
	const further = fields.filter(([, text]) => !message.endsWith(text));
	const lines = [message, ...further.map(([name, text]) => `  ${name}: ${text}`)];
	return lines.map((line) => `${line.split("\n").map(shown).join("\n")}\n`).join("");
}

/**
 * An error for programs, one JSON document on one line: `{"error": {"code", "message", "errors"}}`. `errors` has a text
 * for each field that is at fault, as in the API; `code` is null for what no table knows.
 */
export function errorJson(error: unknown): string {
	const known = error instanceof PathkeeperError;
	return document(known ? error.code : null, messageOf(error), known ? error.fields : {});
}

/** The same for a command line that is not understood; `text` is what the parser says. */
export function usageErrorJson(text: string): string {
	return document("USAGE", text.trim().replace(/^error: /, ""), {});
}

function document(code: string | null, message: string, errors: Readonly<Record<string, string>>): string {
	return `${harmlessJson(JSON.stringify({ error: { code, message, errors } }))}\n`;
}

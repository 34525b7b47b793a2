import { messageOf, PathkeeperError } from "@pathkeeper/model";
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

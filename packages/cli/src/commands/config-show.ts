import { multipathRoutes } from "@pathkeeper/model";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { shownLines } from "./preview-text.ts";

/** `config show [--overrides]`: a document as it is stored, byte by byte where no terminal shows it. */
export async function showConfig({ client, output, io }: Session, overrides: boolean): Promise<void> {
	const config = await client.call(multipathRoutes.getConfig, {});
	for (const problem of config.problems) output.note(shown(problem));
	if (!output.isTable) {
		output.document(config, () => "");
		return;
	}
	const text = overrides ? config.overrides : config.text;
	if (text === "") output.note("nothing is stored yet");
	const ended = text === "" || text.endsWith("\n") ? text : `${text}\n`;
	output.file(io.isTerminal ? shownLines(ended) : ended);
}

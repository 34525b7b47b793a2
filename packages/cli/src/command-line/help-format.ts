import { type Command, Help, type HelpConfiguration } from "commander";
import { wrapped } from "../output/wrap.ts";

/** With fewer columns than this beside the terms, a description begins on a line of its own. */
const leastColumn = 34;
const ownLineIndent = " ".repeat(6);
const usageIndent = " ".repeat("Usage: ".length);

/** Help that fits the terminal: by itself commander wraps neither narrow descriptions nor the usage line. */
export const helpFormat: HelpConfiguration = {
	formatItem(term: string, termWidth: number, description: string, { helpWidth = 80 }: Help): string {
		const column = termWidth + 4;
		const text =
			description === "" || helpWidth - column >= leastColumn
				? wrapped(`${term.padEnd(termWidth)}  ${description}`, helpWidth, "  ", " ".repeat(column))
				: wrapped(term, helpWidth, "  ", ownLineIndent) +
					wrapped(description, helpWidth, ownLineIndent, ownLineIndent);
		return text.trimEnd();
	},
	commandUsage(command: Command): string {
		const usage = new Help().commandUsage(command);
		return wrapped(usage, (this.helpWidth ?? 80) - usageIndent.length, "", usageIndent).trimEnd();
	},
};

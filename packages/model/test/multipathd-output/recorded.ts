import { readFileSync } from "node:fs";

export type Release = "bookworm" | "trixie" | "sid";
export const RELEASES: readonly Release[] = ["bookworm", "trixie", "sid"];

/** What a real multipathd answered, cut out of a recording: the nth answer to a command. */
export function recorded(file: string, command: string, nth = 0): string {
	const log = readFileSync(new URL(`../samples/multipathd/${file}.txt`, import.meta.url), "utf8");
	const answers = log.split(/^### CMD /m).filter((part) => part.startsWith(`[${command}]`));
	const answer = answers[nth];
	if (answer === undefined) throw new Error(`${file} holds no answer ${nth} to '${command}'`);
	const head = answer.indexOf("\n");
	const length = Number(/\((\d+)\)/.exec(answer.slice(0, head))?.[1]);
	// The length counts the trailing NUL; some recordings keep only the first lines of a long answer.
	return answer.slice(head + 1, head + length);
}

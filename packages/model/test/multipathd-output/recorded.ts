import { readdirSync, readFileSync } from "node:fs";

export type Release = "bookworm" | "trixie" | "sid";
export const releases: readonly Release[] = ["bookworm", "trixie", "sid"];

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

/** Every answer of the recordings, by file, command and how often it was asked before. */
export function allRecorded(): { readonly name: string; readonly text: string }[] {
	const folder = new URL("../samples/multipathd/", import.meta.url);
	return readdirSync(folder)
		.sort()
		.flatMap((file) => {
			const log = readFileSync(new URL(file, folder), "utf8");
			const asked = [...log.matchAll(/^### CMD \[(.*)\]/gm)].map(([, command = ""]) => command);
			const names = asked.map(
				(command, at) => [command, asked.slice(0, at).filter((o) => o === command).length] as const,
			);
			return names.map(([command, nth]) => ({
				name: `${file} ${command} ${nth}`,
				text: recorded(file.slice(0, -4), command, nth),
			}));
		});
}

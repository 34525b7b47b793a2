import { readFileSync } from "node:fs";

/** One command of a session with a real multipathd, and what it answered. */
interface Exchange {
	readonly section: string;
	readonly command: string;
	/** Bytes of the reply with its NUL. */
	readonly bytes: number;
	/** The text, or the beginning of it where the recording was cut. */
	readonly text: string;
}

export interface RecordedSession {
	readonly exchanges: readonly Exchange[];
	/** `show config local`, recorded whole at the end. */
	readonly config: string;
}

/** Reads a recording: sections begin with `####`, commands with `### CMD [TEXT] … (BYTES)`. */
export function recordedSession(release: string): RecordedSession {
	const path = new URL(`./samples/session-${release}.txt`, import.meta.url);
	const text = readFileSync(path, "utf8");
	const parts = text.split(/^#### (.*)\n/m);
	const exchanges: Exchange[] = [];
	let config = "";
	for (let at = 1; at < parts.length; at += 2) {
		const [section = "", content = ""] = [parts[at], parts[at + 1]];
		if (section === "config") config = content;
		for (const piece of content.split("### CMD [").slice(1)) {
			const [, command = "", bytes, said = ""] =
				/^(.*)\] len-prefix=\w+ \((\d+)\) lastbyte=00\n([\s\S]*)$/.exec(piece) ?? [];
			exchanges.push({ section, command, bytes: Number(bytes), text: said });
		}
	}
	return { exchanges, config };
}

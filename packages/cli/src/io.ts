import type { Runtime } from "@pathkeeper/model";
/** What a command may touch of the process it runs in; tests hand in their own. */
export interface Io extends Pick<Runtime, "now" | "monotonic" | "sleep"> {
	readonly out: (text: string) => void;
	readonly err: (text: string) => void;
	/** True when standard output is a terminal: colour is for people. */
	readonly isTerminal: boolean;
	/** Width of that terminal; null where the output is none, and then nothing is made to fit. */
	readonly columns: number | null;
	/** True when standard error is a terminal: what is going on is shown there while it goes on. */
	readonly showsProgress: boolean;
	/** True when somebody can answer a question: standard input is a terminal. */
	readonly canAsk: boolean;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly readFile: (path: string) => string;
	/** Asks a person yes or no; false when nobody can answer. */
	readonly confirm: (question: string) => Promise<boolean>;
	/** Lets a person edit a text with their editor; the new text and the file it stands in. */
	readonly edit: (text: string, name: string) => Promise<{ readonly text: string; readonly file: string }>;
}

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Io, runProgram } from "../src/index.ts";

export interface ConsoleOptions {
	/** True: output goes to a terminal of that many columns, and somebody sits at it. */
	readonly columns?: number;
	readonly env?: Readonly<Record<string, string>>;
	/** Answers to questions, in order; a question without one is refused. */
	readonly answers?: readonly boolean[];
	/** What the person makes of a text in the editor. */
	readonly edit?: (text: string, name: string) => string | Promise<string>;
	readonly socket?: string;
	/** What waiting is; absent: real time. */
	readonly sleep?: (ms: number) => Promise<void>;
}

export interface Run {
	readonly code: number;
	readonly out: string;
	readonly err: string;
	/** Questions that were asked. */
	readonly questions: readonly string[];
}

/** Runs a command line as a shell would, and gives what it printed. */
export async function run(args: readonly string[], options: ConsoleOptions = {}): Promise<Run> {
	const printed = { out: "", err: "" };
	const questions: string[] = [];
	const answers = [...(options.answers ?? [])];
	const isTerminal = options.columns !== undefined;
	const io: Io = {
		out: (text) => {
			printed.out += text;
		},
		err: (text) => {
			printed.err += text;
		},
		isTerminal,
		columns: options.columns ?? null,
		showsProgress: isTerminal,
		canAsk: options.answers !== undefined,
		env: { ...(options.socket === undefined ? {} : { PATHKEEPER_SOCKET: options.socket }), ...options.env },
		readFile: (path) => readFileSync(path, "utf8"),
		confirm: (question) => {
			questions.push(question);
			return Promise.resolve(answers.shift() ?? false);
		},
		edit: async (text, name) => {
			const file = join(mkdtempSync(join(tmpdir(), "pk-edit-")), name);
			const edited = (await options.edit?.(text, name)) ?? text;
			writeFileSync(file, edited);
			return { text: edited, file };
		},
		now: Date.now,
		monotonic: () => performance.now(),
		sleep: options.sleep ?? ((ms) => delay(ms)),
	};
	const code = await runProgram(args, { io, version: "1.2.3", extra: [] });
	return { code, ...printed, questions };
}

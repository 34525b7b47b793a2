import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Io } from "@pathkeeper/cli";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { endWithReader } from "./end-with-reader.ts";
import { realRuntime } from "./runtime/real-runtime.ts";

let isWatched = false;

/** From the first output of a command on. */
function watchReader(): void {
	if (isWatched) return;
	isWatched = true;
	endWithReader(process.stdout, (text) => process.stderr.write(text));
	// Where complaints cannot be written either, there is nothing left to say.
	endWithReader(process.stderr, () => undefined);
}

/** The process's own streams, files, terminal and editor. */
export const processIo: Io = {
	out: (text) => {
		watchReader();
		process.stdout.write(text);
	},
	err: (text) => {
		watchReader();
		process.stderr.write(text);
	},
	isTerminal: process.stdout.isTTY === true,
	columns: process.stdout.isTTY === true ? process.stdout.columns : null,
	showsProgress: process.stderr.isTTY === true,
	canAsk: process.stdin.isTTY === true,
	env: process.env,
	readFile: (path) => {
		try {
			return readFileSync(path === "-" ? 0 : path, "utf8");
		} catch (error) {
			throw new PathkeeperError("INPUT_UNREADABLE", { path, problem: messageOf(error) }, { cause: error });
		}
	},
	confirm: async (question) => {
		if (process.stdin.isTTY !== true) return false;
		const lines = createInterface({ input: process.stdin, output: process.stderr });
		try {
			return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
		} finally {
			lines.close();
		}
	},
	edit: async (text, name) => {
		const file = join(mkdtempSync(join(tmpdir(), "pathkeeper-")), name);
		writeFileSync(file, text, { mode: 0o600 });
		await runEditor(process.env["VISUAL"] ?? process.env["EDITOR"] ?? "vi", file);
		return { text: readFileSync(file, "utf8"), file };
	},
	now: () => realRuntime.now(),
	monotonic: () => realRuntime.monotonic(),
	sleep: (ms) => realRuntime.sleep(ms),
};

/** EDITOR may carry arguments of its own, so it goes through a shell as git does it; the file does not. */
function runEditor(editor: string, file: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn("/bin/sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit" });
		child.on("error", reject);
		child.on("exit", (code) => {
			if (code === 0) resolve();
			else
				reject(
					new PathkeeperError("PROCESS_FAILED", {
						program: editor,
						problem: `exit code ${code}; nothing is stored, your text is in ${file}`,
					}),
				);
		});
	});
}

import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { readRegularFile } from "../files/regular-file.ts";
import type { RunProgram, RunResult } from "../process/run.ts";
import { complaintsIn, linesOf } from "./complaints.ts";
import type { LintResult, MultipathTools } from "./multipath-tools.ts";
import { findProgram, type InstalledProgram } from "./program.ts";
import { wwidArgument } from "./wwid-argument.ts";
import { wwidsFile, wwidsIn } from "./wwids-file.ts";

export interface RealMultipathToolsOptions {
	readonly run: RunProgram;
	/** Folders to look for `multipath` in, as in PATH; the sbin folders are looked at anyway. */
	readonly path?: string;
	readonly wwidsFile?: string;
	readonly lintDeadlineMs?: number;
	readonly deadlineMs?: number;
}

/** A configuration can send the parser into an endless loop, so the deadline is part of the answer. */
const lintDeadlineMs = 5_000;
const deadlineMs = 10_000;

/** The installed `multipath` program. */
export class RealMultipathTools implements MultipathTools {
	readonly #run: RunProgram;
	readonly #path: string;
	readonly #wwidsFile: string;
	readonly #lintDeadlineMs: number;
	readonly #deadlineMs: number;
	#known: { readonly mark: string; readonly version: string } | null = null;

	constructor(options: RealMultipathToolsOptions) {
		this.#run = options.run;
		this.#path = options.path ?? process.env["PATH"] ?? "";
		this.#wwidsFile = options.wwidsFile ?? wwidsFile;
		this.#lintDeadlineMs = options.lintDeadlineMs ?? lintDeadlineMs;
		this.#deadlineMs = options.deadlineMs ?? deadlineMs;
	}

	/** From the first line of `multipath -h`, asked once for each installed file. It reads the config, too. */
	async version(): Promise<string | null> {
		const program = await findProgram("multipath", this.#path);
		if (program === null) return null;
		if (this.#known?.mark === program.mark) return this.#known.version;
		const result = await this.#run(program.path, ["-h"], { deadlineMs: this.#lintDeadlineMs });
		const version = /^multipath-tools v(\d+(?:\.\d+)+)/m.exec(`${result.stderr}\n${result.stdout}`)?.[1];
		if (version === undefined) throw failed(`${program.path} -h`, result, "it does not report its version");
		this.#known = { mark: program.mark, version };
		return version;
	}

	async lint(): Promise<LintResult> {
		const program = await this.#program();
		const result = await this.#run(program.path, ["-t"], { deadlineMs: this.#lintDeadlineMs });
		if (result.code !== 0) throw failed(`${program.path} -t`, result, "it refuses the configuration");
		if (!result.stdout.startsWith("defaults {")) {
			throw failed(`${program.path} -t`, result, "it printed no configuration");
		}
		return { complaints: complaintsIn(result.stderr), effective: result.stdout };
	}

	async addWwid(wwid: string): Promise<void> {
		const argument = wwidArgument(wwid);
		const program = await this.#program();
		if ((await this.listedWwids()).includes(argument)) return;
		const result = await this.#run(program.path, ["-a", argument], { deadlineMs: this.#deadlineMs });
		if ((await this.listedWwids()).includes(argument)) return;
		throw failed(
			`${program.path} -a ${argument}`,
			result,
			`${this.#wwidsFile} does not list it; a rule of the configuration may exclude it`,
		);
	}

	async removeWwid(wwid: string): Promise<void> {
		const argument = wwidArgument(wwid);
		if (!(await this.listedWwids()).includes(argument)) return;
		const program = await this.#program();
		const result = await this.#run(program.path, ["-w", argument], { deadlineMs: this.#deadlineMs });
		if (!(await this.listedWwids()).includes(argument)) return;
		throw failed(`${program.path} -w ${argument}`, result, `${this.#wwidsFile} still lists it`);
	}

	async listedWwids(): Promise<readonly string[]> {
		try {
			return wwidsIn(await readRegularFile(this.#wwidsFile));
		} catch (error) {
			if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
			if (error instanceof PathkeeperError) throw error;
			const values = { path: this.#wwidsFile, problem: messageOf(error) };
			throw new PathkeeperError("FILE_UNREADABLE", values, { cause: error });
		}
	}

	async #program(): Promise<InstalledProgram> {
		const program = await findProgram("multipath", this.#path);
		if (program !== null) return program;
		const values = { problem: "there is no program 'multipath' in PATH or an sbin folder" };
		throw new PathkeeperError("MULTIPATHD_NOT_INSTALLED", values);
	}
}

/** What a bad end means, with the program's own last words on the configuration, else its last line. */
function failed(program: string, result: RunResult, meaning: string): PathkeeperError {
	const problem = [endOf(result, meaning), lastWords(result.stderr)]
		.filter((part) => part !== null)
		.join(": ");
	return new PathkeeperError("PROCESS_FAILED", { program, problem });
}

/** A crash: by a signal, or 128 + its number when a wrapper passes it on (136 SIGFPE, 139 SIGSEGV). */
function endOf({ code, signal }: RunResult, meaning: string): string {
	const crash =
		signal ?? (code === 136 ? "SIGFPE" : code === 139 ? "SIGSEGV" : code === 134 ? "SIGABRT" : null);
	if (crash !== null) return `it crashed (${crash}); a value in the multipath configuration can do that`;
	return code === 0 ? meaning : `${meaning} (exit code ${code ?? "unknown"})`;
}

function lastWords(stderr: string): string | null {
	return complaintsIn(stderr).at(-1) ?? linesOf(stderr).at(-1) ?? null;
}

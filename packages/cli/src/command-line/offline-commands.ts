import { type Command, InvalidArgumentError, Option } from "commander";
import type { Io } from "../io.ts";
import { checkConf } from "../offline/conf-check.ts";
import { renderConf } from "../offline/conf-render.ts";
import { runVerdict } from "../offline/verdict.ts";
import { type Format, formats, Output } from "../output/output.ts";
import type { SessionOptions } from "../session.ts";
import type { Run } from "./runs.ts";

/** Commands that need no daemon and no privileges: for support, and to look before anything is installed. */
export function addOfflineCommands(program: Command, io: Io, run: Run, globals: () => SessionOptions): void {
	program
		.command("verdict <file>")
		.description(
			"judge a saved 'multipathd show maps json' or 'multipath -ll' ('-': standard input); no daemon needed",
		)
		.addOption(
			new Option("--format <format>", "format of the file (default: detected)").choices(["json", "topology"]),
		)
		.option("--expect <paths>", "how many paths each LUN should have", pathCount)
		.addOption(new Option("-o, --output <format>", "output format of the verdict").choices(formats))
		.action((file: string, options: { format?: "json" | "topology"; expect?: number; output?: Format }) =>
			run(async () => {
				const { colour } = new Output(io, "table");
				const { output } = globals();
				const { stdout, exitCode } = runVerdict(io.readFile(file), { colour, output, ...options });
				io.out(stdout);
				return exitCode;
			}),
		);
	const conf = program.command("conf").description("multipath.conf text, without a daemon");
	conf
		.command("check <files...>")
		.description("problems as FILE:LINE:COL: severity: text; exit code 1 on errors")
		.option("--tools-version <version>", "judge for this release of multipath-tools")
		.addOption(new Option("-o, --output <format>", "output format of the problems").choices(formats))
		.action((files: string[], options: { toolsVersion?: string; output?: Format }) =>
			run(async () => checkConf(io, files, { output: globals().output, ...options })),
		);
	conf
		.command("render")
		.description("both drop-ins that a node would get")
		.requiredOption("--config <file>", "multipath.cfg")
		.option("--overrides <file>", "multipath-overrides.conf")
		.option("--tools-version <version>", "leave out what this release does not know")
		.option("--node <node>", "name of the node", "localhost")
		.action((options: { config: string; overrides?: string; toolsVersion?: string; node: string }) =>
			run(async () => renderConf(io, options)),
		);
}

function pathCount(text: string): number {
	if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
	throw new InvalidArgumentError("It is not a number of paths from 1 to 9999.");
}

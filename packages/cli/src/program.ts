/** The command line: what each command is called, what it takes, and how it ends. */
import { Command, CommanderError, Option } from "commander";
import { addAccessCommands } from "./command-line/access-commands.ts";
import { addAuditCommand } from "./command-line/audit-command.ts";
import { addConfigCommands } from "./command-line/config-commands.ts";
import { addDescribeCommands } from "./command-line/describe-commands.ts";
import { helpFormat } from "./command-line/help-format.ts";
import { addLogCommands } from "./command-line/log-commands.ts";
import { addLunCommands } from "./command-line/lun-commands.ts";
import { addNodeCommands } from "./command-line/node-commands.ts";
import { addOfflineCommands } from "./command-line/offline-commands.ts";
import type { Online, Run } from "./command-line/runs.ts";
import { addStorageCommands } from "./command-line/storage-commands.ts";
import { status } from "./commands/status.ts";
import { errorJson, errorText, usageErrorJson } from "./error-text.ts";
import { exitCodeOf } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { formatAsked } from "./output/format-asked.ts";
import { formats, widthOf } from "./output/output.ts";
import { openSession, type SessionOptions } from "./session.ts";

/** A further command, brought by whoever composes the program. Resolves with the exit code. */
export interface ExtraCommand {
	readonly add: (program: Command, run: Run) => void;
}

export interface ProgramOptions {
	readonly io: Io;
	readonly version: string;
	readonly extra: readonly ExtraCommand[];
}

/** What `status` says to monitoring when it cannot tell. */
const unknown = 3;

/** Runs one command line (without program name) and gives its exit code. Never throws for what a user did. */
export async function runProgram(
	args: readonly string[],
	{ io, version, extra }: ProgramOptions,
): Promise<number> {
	let code = 0;
	const forPeople = formatAsked(args) === "table";
	const runOr =
		(codeFor: (error: unknown) => number): Run =>
		async (work) => {
			try {
				code = await work();
			} catch (error) {
				code = codeFor(error);
				io.err(forPeople ? errorText(error) : errorJson(error));
			}
		};
	const run = runOr(exitCodeOf);
	const program = root(io, version, forPeople);
	const globals = () => program.opts<SessionOptions>();
	const online: Online = (work, onFailure) =>
		(onFailure === undefined ? run : runOr(() => onFailure))(async () => {
			const result = await work(openSession(io, globals()));
			return typeof result === "number" ? result : 0;
		});

	program
		.command("status")
		.description("the fleet at a glance; exit code 0 optimal, 1 degraded, 2 failed or missing, 3 unknown")
		// For monitoring, a fleet that cannot be asked is unknown, whatever the reason.
		.action(() => runOr(() => unknown)(() => status(openSession(io, globals()))));
	addLunCommands(program, online, () => helpColumns(io));
	addNodeCommands(program, online);
	addStorageCommands(program, online, () => helpColumns(io));
	addConfigCommands(program, online, () => helpColumns(io));
	addLogCommands(program, online);
	addAccessCommands(program, online);
	addAuditCommand(program, online);
	addOfflineCommands(program, io, run, globals);
	program
		.command("version")
		.description("version of this program and of its runtime")
		.action(() => io.out(`pathkeeper ${version} (Node ${process.versions.node})\n`));
	for (const { add } of extra) add(program, run);
	addDescribeCommands(program, io, version, globals);

	try {
		await program.parseAsync(args, { from: "user" });
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return 0;
		return args.includes("status") ? unknown : 2;
	}
	return code;
}

function root(io: Io, version: string, forPeople: boolean): Command {
	const program = new Command("pathkeeper")
		.description("Keeps every path to every LUN of a server fleet configured, usable and visible.")
		.version(`pathkeeper ${version}`, "-V, --version", "version of this program")
		.addOption(new Option("-o, --output <format>", "output format").choices(formats).default("table"))
		.option("--wide", "do not shorten tables to the width of the terminal")
		.option("--socket <path>", "the daemon's local socket (PATHKEEPER_SOCKET)")
		.option("--server <url>", "a server instead, such as https://n1:8010 (PATHKEEPER_SERVER)")
		.option(
			"--token <id=secret>",
			"the API token for that server; better as PATHKEEPER_TOKEN, which ps does not show",
		)
		.option("--ca <file>", "the CA that signed the server's certificate (PATHKEEPER_CA)")
		.option("--fingerprint <sha256>", "the fingerprint of the server's certificate (PATHKEEPER_FINGERPRINT)")
		.exitOverride()
		.configureOutput({
			writeOut: io.out,
			writeErr: io.err,
			getOutHelpWidth: () => helpColumns(io),
			getErrHelpWidth: () => helpColumns(io),
			outputError: (text, write) => write(forPeople ? text : usageErrorJson(text)),
		})
		.configureHelp(helpFormat);
	return forPeople ? program.showHelpAfterError("(for more: pathkeeper help COMMAND)") : program;
}

function helpColumns({ columns }: Io): number {
	return columns === null ? 80 : widthOf(columns);
}

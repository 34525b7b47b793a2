/** The command line: what each command is called, what it takes, and how it ends. */
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { diffConfig, editConfig, putOverrides, setDefaults, showConfig } from "./commands/config.ts";
import { allowLun, forgetLun, listCandidates, listLuns, setLun, showLun } from "./commands/lun.ts";
import { listMaps, showMap } from "./commands/map.ts";
import { listNodes, showNode } from "./commands/node.ts";
import { status } from "./commands/status.ts";
import { exitCodeOf } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { checkConf } from "./offline/conf-check.ts";
import { renderConf } from "./offline/conf-render.ts";
import { runVerdict } from "./offline/verdict.ts";
import { type Format, formats } from "./output/output.ts";
import { shown } from "./output/words.ts";
import { openSession, type Session } from "./session.ts";

/** A further command, brought by whoever composes the program. Resolves with the exit code. */
export interface ExtraCommand {
	readonly add: (program: Command, run: (work: () => Promise<number>) => Promise<void>) => void;
}

export interface ProgramOptions {
	readonly io: Io;
	readonly version: string;
	readonly extra: readonly ExtraCommand[];
}

interface GlobalOptions {
	readonly output: Format;
	readonly socket?: string;
}

/** Runs one command line (without program name) and gives its exit code. Never throws for what a user did. */
export async function runProgram(
	args: readonly string[],
	{ io, version, extra }: ProgramOptions,
): Promise<number> {
	let code = 0;
	const run = async (work: () => Promise<number>): Promise<void> => {
		try {
			code = await work();
		} catch (error) {
			code = exitCodeOf(error);
			io.err(errorText(error));
		}
	};
	const program = new Command("pathkeeper")
		.description("Keeps every path to every LUN of a server fleet configured, usable and visible.")
		.addOption(
			new Option("-o, --output <format>", "how results are printed").choices(formats).default("table"),
		)
		.option("--socket <path>", "the daemon's local socket (PATHKEEPER_SOCKET)")
		.exitOverride()
		.configureOutput({ writeOut: io.out, writeErr: io.err })
		.showHelpAfterError("(pathkeeper help COMMAND says more)");
	const globals = () => program.opts<GlobalOptions>();
	const online: Online = (work) =>
		run(async () => {
			const result = await work(openSession(io, globals()));
			return typeof result === "number" ? result : 0;
		});

	program
		.command("status")
		.description("the fleet at a glance; exit code 0 optimal, 1 degraded, 2 failed or missing, 3 unknown")
		.action(() =>
			run(async () => {
				try {
					return await status(openSession(io, globals()));
				} catch (error) {
					// For monitoring, a fleet that cannot be asked is unknown, whatever the reason.
					io.err(errorText(error));
					return 3;
				}
			}),
		);
	addLun(program, online);
	addMapAndNode(program, online);
	addConfig(program, online);
	addOffline(program, io, run, globals);
	program
		.command("version")
		.description("version of this program and of its runtime")
		.action(() => io.out(`pathkeeper ${version} (Node ${process.versions.node})\n`));
	for (const { add } of extra) add(program, run);

	try {
		await program.parseAsync(args, { from: "user" });
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		return error.exitCode === 0 ? 0 : 2;
	}
	return code;
}

/** Runs what needs the daemon; a number that it gives is the exit code. */
type Online = (work: (session: Session) => Promise<unknown>) => Promise<void>;

function addLun(program: Command, online: Online): void {
	const lun = program.command("lun").description("the allow-list of LUNs");
	lun
		.command("list")
		.description("allowed LUNs with their state")
		.option("--candidates", "what nodes see and nobody allowed")
		.action((options: { candidates?: true }) => online(options.candidates ? listCandidates : listLuns));
	lun
		.command("show <wwid-or-alias>")
		.description("one LUN: verdict with reasons, settings, nodes")
		.action((name: string) => online((session) => showLun(session, name)));
	lun
		.command("allow <wwid> [settings...]")
		.description(
			"allow a LUN: every node assembles its map; settings as KEY=VALUE (alias=db-log no-path-retry=fail)",
		)
		.option("--digest <sha1>", "refuse when the configuration is not this one")
		.action((wwid: string, set: string[], options: { digest?: string }) =>
			online((session) => allowLun(session, wwid, { set, unset: [], ...options })),
		);
	lun
		.command("set <wwid> [settings...]")
		.description("change settings of a LUN; what is not named stays")
		.option("--unset <key...>", "take settings back")
		.option("--digest <sha1>", "refuse when the configuration is not this one")
		.action((wwid: string, set: string[], options: { unset?: string[]; digest?: string }) =>
			online((session) => setLun(session, wwid, { set, unset: options.unset ?? [], ...digestOf(options) })),
		);
	lun
		.command("forget <wwid>")
		.description("give a LUN up on every node; refused while anything stands on it")
		.option("--force", "skip nodes that cannot be asked; never a map that is in use")
		.option("-y, --yes", "do not ask")
		.option("--digest <sha1>", "refuse when the configuration is not this one")
		.action((wwid: string, options: { force?: true; yes?: true; digest?: string }) =>
			online((session) =>
				forgetLun(session, wwid, {
					force: options.force === true,
					yes: options.yes === true,
					...digestOf(options),
				}),
			),
		);
}

function addMapAndNode(program: Command, online: Online): void {
	const map = program.command("map").description("the maps of the nodes");
	map
		.command("list")
		.description("maps with states")
		.option("--node <node>", "of this node only")
		.action((options: { node?: string }) => online((session) => listMaps(session, options.node)));
	map
		.command("show <name>")
		.description("groups, paths and users of a map, by name, WWID or dm-N")
		.option("--node <node>", "of this node only")
		.action((name: string, options: { node?: string }) =>
			online((session) => showMap(session, name, options.node)),
		);
	const node = program.command("node").description("the nodes of the fleet");
	node
		.command("list")
		.description("nodes with what they applied")
		.action(() => online(listNodes));
	node
		.command("show <node>")
		.description("one node with its findings")
		.action((name: string) => online((session) => showNode(session, name)));
}

function addConfig(program: Command, online: Online): void {
	const config = program.command("config").description("the configuration of the fleet");
	config
		.command("show")
		.description("multipath.cfg as it is stored")
		.option("--overrides", "multipath-overrides.conf instead")
		.action((options: { overrides?: true }) =>
			online((session) => showConfig(session, options.overrides === true)),
		);
	config
		.command("edit")
		.description("edit multipath.cfg, see what every node would get, then store it")
		.option("--overrides", "multipath-overrides.conf instead")
		.option("-y, --yes", "store without asking")
		.action((options: { overrides?: true; yes?: true }) =>
			online((session) =>
				editConfig(session, { overrides: options.overrides === true, yes: options.yes === true }),
			),
		);
	config
		.command("diff [file]")
		.description("what every node would get from this multipath.cfg, against what it gets now")
		.option("--overrides <file>", "with this multipath-overrides.conf")
		.action((file: string | undefined, options: { overrides?: string }) =>
			online((session) =>
				diffConfig(session, { ...(file === undefined ? {} : { config: file }), ...options }),
			),
		);
	config
		.command("set [settings...]")
		.description("settings for every LUN, as KEY=VALUE")
		.option("--unset <key...>", "take settings back")
		.option("--digest <sha1>", "refuse when the configuration is not this one")
		.action((set: string[], options: { unset?: string[]; digest?: string }) =>
			online((session) => setDefaults(session, { set, unset: options.unset ?? [], ...digestOf(options) })),
		);
	config
		.command("overrides <file>")
		.description("replace multipath-overrides.conf with a file's text")
		.option("--digest <sha1>", "refuse when the overrides are not these")
		.action((file: string, options: { digest?: string }) =>
			online((session) => putOverrides(session, file, options.digest)),
		);
}

function addOffline(
	program: Command,
	io: Io,
	run: (work: () => Promise<number>) => Promise<void>,
	globals: () => GlobalOptions,
): void {
	program
		.command("verdict <file>")
		.description(
			"judge a saved 'multipathd show maps json' or 'multipath -ll' ('-': standard input); no daemon needed",
		)
		.addOption(
			new Option("--format <format>", "what the file is; found out when absent").choices([
				"json",
				"topology",
			]),
		)
		.option("--expect <paths>", "how many paths each LUN should have", count)
		.addOption(new Option("-o, --output <format>", "how the verdict is printed").choices(formats))
		.action((file: string, options: { format?: "json" | "topology"; expect?: number; output?: Format }) =>
			run(async () => {
				const colour = io.isTerminal && io.env["NO_COLOR"] === undefined;
				const { stdout, exitCode } = runVerdict(io.readFile(file), { colour, ...globals(), ...options });
				io.out(stdout);
				return exitCode;
			}),
		);
	const conf = program.command("conf").description("multipath.conf text, without a daemon");
	conf
		.command("check <files...>")
		.description("problems as FILE:LINE:COL: severity: text; exit code 1 on errors")
		.option("--tools-version <version>", "judge for this release of multipath-tools")
		.addOption(new Option("-o, --output <format>", "how problems are printed").choices(formats))
		.action((files: string[], options: { toolsVersion?: string; output?: Format }) =>
			run(async () => checkConf(io, files, { ...globals(), ...options })),
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

function digestOf({ digest }: { readonly digest?: string }): { digest?: string } {
	return digest === undefined ? {} : { digest };
}

function count(text: string): number {
	if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
	throw new InvalidArgumentError("It is not a number of paths from 1 to 9999.");
}

function errorText(error: unknown): string {
	const fields = error instanceof PathkeeperError ? Object.entries(error.fields) : [];
	const lines = [messageOf(error), ...fields.map(([name, text]) => `  ${name}: ${text}`)];
	return lines.map((line) => `${line.split("\n").map(shown).join("\n")}\n`).join("");
}

import { Argument, type Command, Option } from "commander";
import { type NameKind, nameKinds, printNames } from "../commands/names.ts";
import { commandReference } from "../describe/command-reference.ts";
import { describedCommand } from "../describe/command-tree.ts";
import { manPage } from "../describe/man-page.ts";
import { shellCompletion, shells } from "../describe/shell-completion.ts";
import type { Io } from "../io.ts";
import { openSession, type SessionOptions } from "../session.ts";

const namesWithinMs = 3_000;

/** Commands about the command line itself; added last, so that they know all others. */
export function addDescribeCommands(
	program: Command,
	io: Io,
	version: string,
	globals: () => SessionOptions,
): void {
	program
		.command("completion")
		.summary("a script that lets the shell complete commands and options")
		.description(
			'A script that lets the shell complete commands, options, settings and names: eval "$(pathkeeper completion)", or keep it in /etc/bash_completion.d. Names of LUNs, nodes and so on come from the daemon, or from the server in PATHKEEPER_SERVER.',
		)
		.addOption(new Option("--shell <shell>", "for this shell").choices(shells).default("bash"))
		.action(({ shell }: { shell: (typeof shells)[number] }) =>
			io.out(shellCompletion(describedCommand(program), shell)),
		);
	program
		.command("names", { hidden: true })
		.addArgument(new Argument("<kind>").choices(nameKinds))
		.action(async (kind: NameKind) => {
			// The shell waits for it: no names are better than an error between what somebody types.
			const session = openSession(io, globals(), namesWithinMs);
			await printNames(session, kind).catch(() => undefined);
		});
	program
		.command("reference", { hidden: true })
		.action(() => io.out(commandReference(describedCommand(program))));
	program
		.command("man")
		.description("the manual page; such as: pathkeeper man | man -l -")
		.action(() => io.out(manPage(describedCommand(program), version)));
}

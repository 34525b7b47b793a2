import { type Command, Option } from "commander";
import { describedCommand } from "../describe/command-tree.ts";
import { manPage } from "../describe/man-page.ts";
import { shellCompletion, shells } from "../describe/shell-completion.ts";
import type { Io } from "../io.ts";

/** Commands about the command line itself; added last, so that they know all others. */
export function addDescribeCommands(program: Command, io: Io, version: string): void {
	program
		.command("completion")
		.summary("a script that lets the shell complete commands and options")
		.description(
			'A script that lets the shell complete commands and options: eval "$(pathkeeper completion)", or keep it in /etc/bash_completion.d.',
		)
		.addOption(new Option("--shell <shell>", "for this shell").choices(shells).default("bash"))
		.action(({ shell }: { shell: (typeof shells)[number] }) =>
			io.out(shellCompletion(describedCommand(program), shell)),
		);
	program
		.command("man")
		.description("the manual page; such as: pathkeeper man | man -l -")
		.action(() => io.out(manPage(describedCommand(program), version)));
}

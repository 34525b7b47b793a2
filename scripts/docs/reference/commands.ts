import { execFileSync } from "node:child_process";

/** The page of all commands, from the program itself: it alone knows which commands it is composed of. */
export function commandsPage(): string {
	const commands = execFileSync(process.execPath, ["packages/pathkeeper/src/main.ts", "reference"], {
		encoding: "utf8",
		maxBuffer: 16 * 1024 ** 2,
	});
	return `# Commands

\`pathkeeper help COMMAND\` shows the same in the terminal, and \`man pathkeeper\` all of it.

Exit codes: \`status\` and \`verdict\` end with 0 for optimal, 1 for degraded, 2 for failed or missing, and 3 for unknown.
Others end with 0 when it is done, 1 when it is not done, and 2 when it was not understood, unless they say otherwise.

${commands.trimEnd()}
`;
}

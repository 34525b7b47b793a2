/** The commands of a document in a guest, as its reader types them. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type CommandBlock, commandsIn } from "../../../scripts/docs/commands.ts";
import type { Guest } from "../guest/guest.ts";
import { LabError } from "../lab-error.ts";

/** Where the documents of this repository are. */
export const documentsFolder: string = join(import.meta.dirname, "../../../docs");

/** A block of commands with the headings it stands below. */
export interface DocumentStep extends CommandBlock {
	/** File and line, and the first command. */
	readonly name: string;
	/** The nearest heading above it. */
	readonly section: string;
}

/** The blocks of a document in their order. Throws what `commandsIn` throws. */
export function documentSteps(document: string): readonly DocumentStep[] {
	const path = join(documentsFolder, document);
	const text = readFileSync(path, "utf8");
	const lines = text.split("\n");
	return commandsIn(text, path).map((block) => ({
		...block,
		name: `${basename(path)}:${block.lineNumber} ${block.lines[0] ?? ""}`,
		section: sectionAt(lines, block.lineNumber),
	}));
}

/** The heading above a line; a `#` inside of a code block is a comment. */
function sectionAt(lines: readonly string[], lineNumber: number): string {
	let inCode = false;
	let section = "";
	for (const line of lines.slice(0, lineNumber - 1)) {
		if (/^(?:```|~~~)/.test(line)) inCode = !inCode;
		else if (!inCode && line.startsWith("#")) section = line.replace(/^#+\s*/, "");
	}
	return section;
}

/** Ample for an emulated guest that has the machine for a sixth of the time. */
const patience = 900_000;

/** Lines that are a command each, without anything that a shell would carry from one to the next. */
const isCommand = /^(?:pathkeeper|ls|cat|mv|tar|systemctl|apt|multipath|multipathd) (?:(?!<<|\\$).)*$/;

/** Commands that change nothing, so that they may be given again. */
const isQuestion =
	/^(?:pathkeeper (?:status|doctor|log|(?:lun|node) (?:list|show))\b|ls |systemctl is-active )/;

/** What is said of a host whose daemons do not answer in time: true of a starved guest, and over soon. */
const isBusy = /no reply to|does not answer|not reachable|in time/;

/** Warnings of a host are no fault of the command that lists them; what they are is looked at by the test. */
const mayWarn = /^pathkeeper doctor$/;

/** What is said of a change that was stored and not refused, and that a starved guest has not made in 20 s. */
const isLate = /^applied on \d+ of \d+ nodes? .*\n(?:.*\n)*?.*: not applied yet/m;

/**
 * Runs the block as root, in root's home, where the packages lie; it ends at the first command that fails. What it
 * printed. Throws LabError with all of it when one fails, but for what only a starved guest does: a question that gets
 * no answer is asked again, and a change that is late goes on by itself.
 */
export async function runStep(guest: Guest, { name, lines }: DocumentStep): Promise<string> {
	const parts = lines.every((line) => isCommand.test(line)) ? lines : [lines.join("\n")];
	let printed = "";
	for (const part of parts) printed += await runPart(guest, name, part);
	return printed;
}

async function runPart(guest: Guest, name: string, part: string): Promise<string> {
	await guest.writeFile("/run/lab-step.sh", `cd /root\n${part}\n`);
	const end = Date.now() + patience;
	for (;;) {
		// Without a terminal debconf would complain about each way in which it cannot ask.
		const command = "DEBIAN_FRONTEND=noninteractive sh -e /run/lab-step.sh 2>&1";
		const { code, stdout, stderr } = await guest.tryExec(command, { timeout: patience });
		const printed = `${stdout}${stderr}`;
		if (code === 0 || (code === 1 && (mayWarn.test(part) || isLate.test(printed)))) return printed;
		if (!isQuestion.test(part) || !isBusy.test(printed) || Date.now() > end)
			throw new LabError(`${guest.name}: ${name}: exit code ${code} from\n${part}\n${printed.slice(-6000)}`);
	}
}

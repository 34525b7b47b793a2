import { PathkeeperError } from "@pathkeeper/model";
import { maxCommandBytes } from "./frame.ts";

/**
 * Commands of multipathd go through the tokenizer of its configuration file: `"` quotes, `""` inside quotes is one
 * quote, `#` and `!` start a comment, and there is no backslash escape (libmpathutil/parser.c `alloc_strvec`).
 */

const mapNameBytes = 127;

/**
 * A map's name, alias or WWID as one quoted word. Throws COMMAND_INVALID for what no quoting carries: an empty
 * name, control characters, more than 127 bytes (device-mapper's limit).
 */
export function quoteName(name: string): string {
	if (name === "") throw invalid(name, "a map has a name");
	if (Buffer.byteLength(name, "utf8") > mapNameBytes) {
		throw invalid(name, `a map's name has at most ${mapNameBytes} bytes`);
	}
	return quote(name);
}

/**
 * A format string as one quoted word. Throws COMMAND_INVALID also for one that ends with `%`: releases before
 * 0.15.1 and 0.11.6 then read beyond its end (GHSA-g5mh-253r-jjw5).
 */
export function quoteFormat(format: string): string {
	if (format === "") throw invalid(format, "a format has a wildcard");
	return quote(format);
}

/**
 * The command as it may be sent. Throws COMMAND_INVALID for an empty one, control characters, more than 512 bytes
 * with the NUL (the daemon hangs up), or one that ends in a lone `%`.
 */
export function checkedCommand(text: string): string {
	const command = text.trim();
	if (command === "") throw invalid(text, "it is empty");
	refuseControlCharacters(command);
	refuseLastPercent(command);
	if (Buffer.byteLength(command, "utf8") + 1 > maxCommandBytes) {
		throw invalid(`${command.slice(0, 60)}…`, `multipathd reads at most ${maxCommandBytes} bytes`);
	}
	return command;
}

/** True for what changes nothing: the daemon lets any user run `list` and `show`, and nothing else. */
export function isReading(command: string): boolean {
	return /^(?:list|show)(?:\s|$)/.test(command.trim());
}

function quote(word: string): string {
	refuseControlCharacters(word);
	refuseLastPercent(word);
	return `"${word.replaceAll('"', '""')}"`;
}

function refuseControlCharacters(text: string): void {
	if (/\p{Cc}/u.test(text)) throw invalid(text, "it holds control characters");
}

function refuseLastPercent(text: string): void {
	if (/%["\s]*$/.test(text)) {
		throw invalid(text, "it ends with '%', which makes older releases read beyond its end");
	}
}

function invalid(command: string, problem: string): PathkeeperError {
	return new PathkeeperError("COMMAND_INVALID", { command: printable(command), problem });
}

function printable(text: string): string {
	return text.replaceAll(/\p{Cc}/gu, "?");
}

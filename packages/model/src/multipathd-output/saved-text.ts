import { isFence } from "./stray-lines.ts";

/**
 * Saved terminal output as multipathd printed it: without byte order mark, NUL (the socket protocol ends every reply
 * with one), carriage returns, colour codes (multipathd prints bold on a terminal) and `multipathd> ` prompts.
 * Every pass is linear in the length of the text.
 */
export function plainText(text: string): string {
	let plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
	// What is left of the byte order mark of UTF-16 and of every other byte of it, when it was read as UTF-8.
	if (plain.startsWith("\uFFFD\uFFFD") && plain[3] === "\0") plain = plain.slice(2);
	if (plain.includes("\0")) plain = plain.replaceAll("\0", "");
	if (plain.includes("\r")) plain = plain.replaceAll("\r", "");
	if (plain.includes(escapeCharacter)) plain = plain.replace(sequence, "");
	if (plain.includes(prompt)) plain = plain.replace(prompts, "");
	return plain;
}

const escapeCharacter = "\u001B";
const bell = "\u0007";
/** A CSI sequence (colours), an OSC sequence (terminal titles), one character behind ESC, or ESC alone. */
const sequence = new RegExp(
	`${escapeCharacter}(?:\\[[0-9;:?<=>]{0,64}[ -/]{0,8}[@-~]|\\][^\\n${bell}${escapeCharacter}]{0,256}${bell}?|[ -/]{0,8}[0-~])?`,
	"g",
);
const prompt = "multipathd>";
const prompts = /^(?:multipathd>[ \t]*)+/gm;
/** What a line that belongs to no map listing is. */
export type Noise = "blank" | "command" | "log" | "unknown";

/** `Jun 01 12:00:00 | …` (multipath to a terminal) and `1234.567890 | …` (multipathd, multipath with a log level). */
const multipathLog = /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d+\.\d{3,9}) \| /;
/** A line that syslog or the journal wrote: `Jun  1 12:00:00 host multipathd[12]: …`. */
const systemLog =
	/^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*) \S+ [\w.@/-]+(?:\[\d+\])?: /;
/** Warnings of programs, in English: `Warning: The unit file …`, `multipath.conf line 7, …`, `/etc/…: …`. */
const warning =
	/^(?:warning|warn|error|notice|info|debug|deprecated|hint|note)\b|^(?:multipathd?|systemctl|systemd|sudo|libdevmapper|device-mapper|\/[\w./-]+)(?:\[\d+\])?:? |^<\d>|\bdeprecated\b/i;
/** A shell's prompt with the command typed behind it, or a command alone. */
const command =
	/^(?:\[[^\]\n]{0,80}@[^\]\n]{1,80}\]|[\w.-]{1,80}(?:@[\w.-]{1,80})?:[~/][\w~/.+-]{0,80})[#$](?: .*)?$|^(?:[#$]|\++) (?:sudo |multipath|systemctl |cat |date)|^(?:sudo )?multipathd? (?:-|show |list )|^(?:show|list) (?:maps?|multipaths?|topology|paths?)\b/;

/** True for a prompt with a command behind it that does not list maps: what follows is another program's. */
export function asksAnother(line: string): boolean {
	const typed = typedPattern.exec(line.length > 1000 ? line.slice(0, 1000) : line)?.[1]?.trim() ?? "";
	return typed !== "" && !/multipath|topology/.test(typed);
}

const typedPattern =
	/^(?:\[[^\]\n]{0,80}@[^\]\n]{1,80}\]|[\w.-]{1,80}(?:@[\w.-]{1,80})?:[~/][\w~/.+-]{0,80})[#$] (.*)$/;

/** Tells log lines and typed commands, which may stand around a listing, from text that does not belong there. */
export function noiseOf(line: string): Noise {
	const text = line.length > 1000 ? line.slice(0, 1000) : line;
	if (text.trim() === "") return "blank";
	if (isFence(text) || command.test(text) || /^([=#*-])\1{2,}(?: [^|`]*)?$/.test(text)) return "command";
	if (multipathLog.test(text) || systemLog.test(text) || warning.test(text)) return "log";
	return "unknown";
}

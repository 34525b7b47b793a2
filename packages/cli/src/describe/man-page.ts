import type { SettingKey } from "../command-line/setting-keys.ts";
import { type DescribedCommand, type DescribedOption, withAllBelow } from "./command-tree.ts";
import { lines, roff } from "./roff.ts";

/** pathkeeper(1) in the macros of man(7). */
export function manPage(program: DescribedCommand, version: string): string {
	const [, ...commands] = withAllBelow(program);
	return [
		`.TH PATHKEEPER 1 "" "pathkeeper ${roff(version)}" "Pathkeeper"`,
		".SH NAME",
		`pathkeeper \\- ${roff(program.text.replace(/^./, (first) => first.toLowerCase()).replace(/\.$/, ""))}`,
		".SH SYNOPSIS",
		".B pathkeeper",
		"[\\fIOPTION\\fR]... \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...",
		".SH DESCRIPTION",
		"Commands talk to the daemon of this host over its local socket, which is root's, or to a server that is named with",
		`\\fB\\-\\-server\\fR. \\fBverdict\\fR, \\fBconf\\fR, \\fBdoctor\\fR, \\fBdemo\\fR and \\fBstore copy\\fR need neither.`,
		".SH OPTIONS",
		...program.options.flatMap(optionLines),
		".SH COMMANDS",
		...commands.filter(({ commands: below }) => below.length === 0).flatMap(commandLines),
		".SH EXIT STATUS",
		"\\fBstatus\\fR and \\fBverdict\\fR: 0 optimal, 1 degraded, 2 failed or missing, 3 unknown. Others: 0 done, 1 not done, 2 not",
		"understood, unless they say so.",
		".SH ENVIRONMENT",
		".TP",
		".B PATHKEEPER_SOCKET, PATHKEEPER_SERVER, PATHKEEPER_TOKEN, PATHKEEPER_CA, PATHKEEPER_FINGERPRINT",
		"The same as the options of these names; an option wins.",
		".TP",
		".B PATHKEEPER_LOG",
		"How much the daemon logs: debug, info, warn or error.",
		".SH FILES",
		".TP",
		".I /etc/pathkeeper/pathkeeper.conf",
		"Settings of the daemon.",
		".TP",
		".I /etc/multipath/conf.d/pathkeeper.conf, /etc/multipath/conf.d/pathkeeper\\-overrides.conf",
		"The files that it writes for multipathd.",
		".TP",
		".I /var/lib/pathkeeper",
		"State that must survive a restart.",
		".SH SEE ALSO",
		".BR multipathd (8),",
		".BR multipath.conf (5)",
		"",
	].join("\n");
}

function commandLines({ path, operands, text, options, settings }: DescribedCommand): string[] {
	return [
		".TP",
		`.B pathkeeper ${roff(path.join(" "))} ${roff(operands)}`.trimEnd(),
		...lines(text),
		...(options.length === 0 ? [] : [".RS", ...options.flatMap(optionLines), ".RE"]),
		...(settings.length === 0
			? []
			: [".RS", ".TP", "Settings:", ".RS", ...settings.flatMap(settingLines), ".RE", ".RE"]),
	];
}

function optionLines({ names, value, choices, text }: DescribedOption): string[] {
	const heads = names.map((name) => `\\fB${roff(name)}\\fR`).join(", ");
	const said = choices.length === 0 ? text : `${text}: ${choices.join(", ")}`;
	return [".TP", `${heads}${value === null ? "" : ` \\fI${roff(value)}\\fR`}`, ...lines(said)];
}

function settingLines({ key, text, words }: SettingKey): string[] {
	const choices = words.length === 0 ? "" : `: ${words.join(", ")}`;
	return [".TP", `\\fB${roff(key)}\\fR`, ...lines(`${text}${choices}`)];
}

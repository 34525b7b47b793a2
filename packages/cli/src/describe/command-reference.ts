import type { SettingKey } from "../command-line/setting-keys.ts";
import { type DescribedCommand, type DescribedOption, withAllBelow } from "./command-tree.ts";

/** Every command with its options and settings, as Markdown below a heading that somebody else writes. */
export function commandReference(program: DescribedCommand): string {
	const [, ...commands] = withAllBelow(program);
	const doing = commands.filter(({ commands: below }) => below.length === 0);
	return ["## Options of every command", "", ...optionTable(program.options), ...doing.flatMap(section)].join(
		"\n",
	);
}

function section({ path, operands, text, options, settings }: DescribedCommand): readonly string[] {
	const line = `pathkeeper ${path.join(" ")} ${operands}`.trimEnd();
	return [
		`## ${path.join(" ")}`,
		"",
		"```text",
		line,
		"```",
		"",
		sentence(text),
		"",
		...(options.length === 0 ? [] : optionTable(options)),
		...(settings.length === 0 ? [] : settingTable(settings)),
	];
}

function optionTable(options: readonly DescribedOption[]): readonly string[] {
	const rows = options.map(({ names, value, choices, text }) => {
		const flags = names.map((name) => `\`${name}\``).join(", ");
		const said = choices.length === 0 ? text : `${text}: ${choices.join(", ")}`;
		return `| ${flags}${value === null ? "" : ` \`${value}\``} | ${cell(said)} |`;
	});
	return ["| option | |", "|---|---|", ...rows, ""];
}

function settingTable(settings: readonly SettingKey[]): readonly string[] {
	const rows = settings.map(({ key, text, words }) => {
		const choices = words.length === 0 ? "" : ` (${words.join(", ")})`;
		return `| \`${key}\` | ${cell(`${text}${choices}`)} |`;
	});
	return ["Settings, as KEY=VALUE:", "", "| setting | |", "|---|---|", ...rows, ""];
}

/** With a capital at its start and a full stop at its end, and without a break of lines. */
function sentence(text: string): string {
	const [first = "", ...more] = cell(text).trim().replace(/\.$/, "").split("");
	return `${first.toUpperCase()}${more.join("")}.`;
}

/** As it may stand in a table of Markdown. */
function cell(text: string): string {
	return text
		.replaceAll("\\", "\\\\")
		.replace(/[|*_<>[\]`]/g, (mark) => `\\${mark}`)
		.replaceAll("\n", " ");
}

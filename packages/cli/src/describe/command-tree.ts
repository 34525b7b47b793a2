/** The command line as data, taken from the program itself, so that what describes it is never behind it. */
import type { Argument, Command, Option } from "commander";
import { type SettingKey, settingKeysOf } from "../command-line/setting-keys.ts";

export interface DescribedCommand {
	/** Words behind the program's name, such as `lun allow`; empty for the program itself. */
	readonly path: readonly string[];
	/** `<wwid> [settings...]`. */
	readonly operands: string;
	/** The name of the first operand, such as `wwid-or-alias`; null: it takes none. */
	readonly firstOperand: string | null;
	readonly text: string;
	readonly options: readonly DescribedOption[];
	/** What it takes as KEY=VALUE. */
	readonly settings: readonly SettingKey[];
	readonly commands: readonly DescribedCommand[];
}

export interface DescribedOption {
	/** `-n` and `--limit`, as far as there are both. */
	readonly names: readonly string[];
	/** `<count>`; null: it takes no value. */
	readonly value: string | null;
	readonly choices: readonly string[];
	readonly text: string;
}

export function describedCommand(command: Command, path: readonly string[] = []): DescribedCommand {
	return {
		path,
		operands: command.registeredArguments.map(operand).join(" "),
		text: command.description() === "" ? command.summary() : command.description(),
		firstOperand: command.registeredArguments[0]?.name() ?? null,
		settings: settingKeysOf(command),
		options: command.options.filter(({ hidden }) => !hidden).map(describedOption),
		commands: command
			.createHelp()
			.visibleCommands(command)
			.filter((each) => each.name() !== "help")
			.map((each) => describedCommand(each, [...path, each.name()])),
	};
}

/** A command and all below it, in order. */
export function withAllBelow(command: DescribedCommand): DescribedCommand[] {
	return [command, ...command.commands.flatMap(withAllBelow)];
}

function describedOption({ short, long, flags, description, argChoices }: Option): DescribedOption {
	return {
		names: [short, long].filter((name) => name !== undefined && name !== null),
		value: /(<.*>|\[.*\])$/.exec(flags)?.[1] ?? null,
		choices: argChoices ?? [],
		text: description,
	};
}

function operand(argument: Argument): string {
	const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
	return argument.required ? `<${name}>` : `[${name}]`;
}

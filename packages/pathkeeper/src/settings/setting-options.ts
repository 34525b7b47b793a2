import { type Command, Option } from "commander";
import { flagOf, settingDescription, settingNames } from "./settings-table.ts";

/** Gives a command an option for each setting; those that the program itself has, such as --socket, stay there. */
export function addSettingOptions(command: Command): void {
	const ofProgram = new Set(command.parent?.options.map(({ long }) => long));
	for (const name of settingNames.filter((each) => !ofProgram.has(flagOf(each)))) {
		const { value, isList, text, default: otherwise } = settingDescription(name);
		const flags = value === null ? flagOf(name) : `${flagOf(name)} ${value}`;
		// What is not set is the same as a "no", which no option says.
		const said = otherwise === null || value === null ? text : `${text} (${otherwise})`;
		const option = new Option(flags, said);
		command.addOption(isList === true ? option.argParser(collected) : option);
	}
}

function collected(value: string, before: readonly string[] = []): readonly string[] {
	return [...before, value];
}

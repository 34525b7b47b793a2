/** What the settings file and its manual page say of a setting. */
import {
	flagOf,
	type SettingName,
	settingDescription,
} from "../../packages/pathkeeper/src/settings/settings-table.ts";

/** What it is and who uses it when that is not everybody, in sentences; last what holds without it. */
export function settingSentences(name: SettingName): readonly string[] {
	const { text, default: otherwise, usedBy, isList, value } = settingDescription(name);
	const what = `${text.replace(/^./, (first) => first.toUpperCase())}.`;
	return [
		isList === true ? what.replace(/;.*/, "; several with commas between them.") : what,
		...(value === null ? ["Yes or no."] : []),
		...(usedBy.length > 1 ? [] : [`For the roles ${usedBy[0]} and both.`]),
		...(otherwise === null ? [] : [`Default: ${otherwise}`]),
	];
}

/** `--etcd-ca <file>`. */
export function settingFlag(name: SettingName): string {
	const { value } = settingDescription(name);
	return value === null ? flagOf(name) : `${flagOf(name)} ${value}`;
}

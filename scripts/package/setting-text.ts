/** What the settings file, its manual page and others say of a setting. */
import {
	flagOf,
	type SettingName,
	settingDescription,
} from "../../packages/pathkeeper/src/settings/settings-table.ts";

/** Sentences: what it is, what holds without it, and who uses it when that is not everybody. */
export function settingSentences(name: SettingName): readonly string[] {
	const { text, default: otherwise, usedBy, isList, value } = settingDescription(name);
	const what = `${capital(text)}.`;
	return [
		isList === true ? what.replace(/;.*/, "; several with commas between them.") : what,
		...(value === null ? ["Yes or no."] : []),
		...(otherwise === null ? [] : [`Default: ${otherwise}.`]),
		...(usedBy.length > 1 ? [] : [`Used by the role ${usedBy[0]}, and by both.`]),
	];
}

/** `--etcd-ca <file>`. */
export function settingFlag(name: SettingName): string {
	const { value } = settingDescription(name);
	return value === null ? flagOf(name) : `${flagOf(name)} ${value}`;
}

function capital(text: string): string {
	return text.replace(/^./, (first) => first.toUpperCase());
}

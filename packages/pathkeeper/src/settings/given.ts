/** Where settings come from: flags win over the environment, and that over the settings file. */
import { existsSync, statSync } from "node:fs";
import { messageOf } from "@pathkeeper/model";
import { readOwnFile } from "./own-file.ts";
import { parseSettingsFile } from "./settings-file.ts";
import { flagOf, type SettingName, settingDescription, settingNames } from "./settings-table.ts";

/** Names that belong to the command line, and may stand in the same file. */
const others: ReadonlySet<string> = new Set([
	"PATHKEEPER_SERVER",
	"PATHKEEPER_TOKEN",
	"PATHKEEPER_CA",
	"PATHKEEPER_FINGERPRINT",
]);

export const defaultSettingsFile = "/etc/pathkeeper/pathkeeper.conf";

export interface GivenSetting {
	readonly text: string;
	/** Where it was said, for messages. */
	readonly place: string;
}

export interface Given {
	readonly settings: ReadonlyMap<SettingName, GivenSetting>;
	/** What is wrong already, by place. */
	readonly problems: ReadonlyMap<string, string>;
}

export interface Sources {
	/** Flags of the command line; what was not given is undefined. */
	readonly flags: Readonly<Partial<Record<SettingName, string>>>;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Null: the default one, which need not be there. */
	readonly file: string | null;
}

/** Everything that was said, the strongest source of each setting. */
export function gatherSettings({ flags, env, file }: Sources): Given {
	const problems = new Map<string, string>();
	const settings = new Map<SettingName, GivenSetting>();
	for (const [name, setting] of fromFile(file, problems)) settings.set(name, setting);
	for (const name of settingNames) {
		const { key } = settingDescription(name);
		const said = env[key];
		if (said !== undefined && said !== "") settings.set(name, { text: said, place: `environment ${key}` });
		const flag = flags[name];
		if (flag !== undefined) settings.set(name, { text: flag, place: flagOf(name) });
	}
	return { settings, problems };
}

function fromFile(
	given: string | null,
	problems: Map<string, string>,
): readonly (readonly [SettingName, GivenSetting])[] {
	const path = given ?? defaultSettingsFile;
	if (given === null && !existsSync(path)) return [];
	let text: string;
	try {
		text = readOwnFile(path, { isSecret: false });
	} catch (error) {
		problems.set(path, messageOf(error));
		return [];
	}
	const parsed = parseSettingsFile(text);
	for (const { line, problem } of parsed.problems) problems.set(`${path}:${line}`, problem);
	return parsed.settings.flatMap(({ line, key, value }) => {
		const place = `${path}:${line}`;
		const name = settingNames.find((each) => settingDescription(each).key === key);
		if (key === "PATHKEEPER_TOKEN" && value !== "" && (statSync(path).mode & 0o007) !== 0)
			problems.set(place, `everybody may read the token in ${path}; chmod o-rwx it`);
		// Variables of Node and others may stand there for the service manager; a name of ours that is misspelt may not.
		if (name === undefined && key.startsWith("PATHKEEPER_") && !others.has(key))
			problems.set(place, `there is no setting ${key}`);
		return name === undefined || value === ""
			? []
			: [[name, { text: value, place: `${place} ${key}` }] as const];
	});
}

import {
	flagOf,
	type SettingName,
	settingDescription,
	settingGroups,
	settingNames,
} from "../../../packages/pathkeeper/src/settings/settings-table.ts";

/** The page of all settings of the daemon, from the table that the program reads them by. */
export function settingsPage(): string {
	const groups = Object.entries(settingGroups).flatMap(([group, title]) => [
		`## ${title}`,
		"",
		"| setting, and its option | what it is | default | for |",
		"|---|---|---|---|",
		...settingNames.filter((name) => settingDescription(name).group === group).map(row),
		"",
	]);
	return `# Settings

Settings of the services are in \`/etc/pathkeeper/pathkeeper.conf\`, one \`NAME=VALUE\` a line. They can also be given in
the environment under the same names, and to \`pathkeeper daemon\` as options. An option wins over the environment, and
the environment over the file.

The file is refused when users other than root can change it, and so are keys and certificates that it names. A wrong
setting keeps the service from starting; the log names file and line. After a change, restart the service.

Settings of LUNs and arrays are not here: they belong to the fleet, see
[Change the settings of a LUN](../jobs.md#change-the-settings-of-a-lun).

${groups.join("\n").trimEnd()}
`;
}

function row(name: SettingName): string {
	const { key, value, text, default: without, usedBy } = settingDescription(name);
	const option = `\`${flagOf(name)}${value === null ? "" : ` ${value}`}\``;
	const roles = usedBy.length > 1 ? "both" : usedBy.join(", ");
	return `| \`${key}\`<br>${option} | ${cell(text)} | ${cell(without ?? "–")} | ${roles} |`;
}

function cell(text: string): string {
	return text.replace(/[|*_<>[\]`]/g, (mark) => `\\${mark}`);
}

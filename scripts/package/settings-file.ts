/** /etc/pathkeeper/pathkeeper.conf as it is installed: every setting explained, and every line a comment. */
import {
	settingDescription,
	settingGroups,
	settingNames,
} from "../../packages/pathkeeper/src/settings/settings-table.ts";
import { wrapped } from "./changelog.ts";
import { settingSentences } from "./setting-text.ts";

const head = `# Settings of the Pathkeeper daemon; see pathkeeper.conf(5).
#
# Lines of KEY=VALUE. What follows a # is a comment; as installed that is every line, and what is commented out shows
# the default where it has one, else an example. Options of "pathkeeper daemon" win over the environment, and that over
# this file. Changes are read when a service starts: systemctl restart pathkeeper
#
# This file must belong to root and be writable for nobody else. It holds no secrets: keys and passwords stand in files
# that it names, such as root:pathkeeper, mode 0640, in /etc/pathkeeper/pki.
`;

export function settingsFile(): string {
	const groups = Object.entries(settingGroups).map(([group, title]) => {
		const names = settingNames.filter((name) => settingDescription(name).group === group);
		const parts = names.map((name) => {
			const { key, example } = settingDescription(name);
			const said = wrapped(settingSentences(name).join(" "), 116).map((line) => `# ${line}\n`);
			return `${said.join("")}#${key}=${example}\n`;
		});
		return [`# --- ${title} ${"-".repeat(110 - title.length)}\n`, ...parts].join("\n");
	});
	return [head, ...groups].join("\n");
}

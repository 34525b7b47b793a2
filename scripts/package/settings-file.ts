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
# Lines of KEY=VALUE; what follows a # is a comment. As installed, every setting is commented out, and shows its default
# where it has one, else an example. Options of "pathkeeper daemon" win over the environment, and the environment over
# this file. Changes are read when a service starts: systemctl restart pathkeeper (pathkeeper-agent, pathkeeper-server)
#
# This file must belong to root and be writable by nobody else. Put no secrets into it: keys and passwords are in files
# that it names, owned by root:pathkeeper with mode 0640, in /etc/pathkeeper/pki.
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

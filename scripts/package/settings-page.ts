/** pathkeeper.conf(5), in the macros of man(7). */
import { lines, roff } from "../../packages/cli/src/describe/roff.ts";
import {
	settingDescription,
	settingGroups,
	settingNames,
} from "../../packages/pathkeeper/src/settings/settings-table.ts";
import { settingFlag, settingSentences } from "./setting-text.ts";

export function settingsPage(version: string): string {
	return [
		`.TH PATHKEEPER.CONF 5 "" "pathkeeper ${roff(version)}" "Pathkeeper"`,
		".SH NAME",
		"pathkeeper.conf \\- settings of the Pathkeeper daemon",
		".SH SYNOPSIS",
		".I /etc/pathkeeper/pathkeeper.conf",
		".SH DESCRIPTION",
		...lines(
			"Lines of KEY=VALUE, as systemd's EnvironmentFile has them: the value in quotes or not, blank lines, and",
		),
		...lines(
			"comments that begin with # or ;. Quotes and backslashes inside a value are refused, and so is a key that",
		),
		...lines(
			"begins with PATHKEEPER_ and is not listed here. Options of pathkeeper daemon win over the environment, and",
		),
		...lines("that over this file. It is read when the daemon starts."),
		".PP",
		...lines(
			"The file has to belong to root and be writable for nobody else; so have the files that it names. Keys and",
		),
		...lines("passwords may be readable for a group, such as pathkeeper, and not for everybody."),
		...Object.entries(settingGroups).flatMap(([group, title]) => [
			`.SH ${roff(title.toUpperCase())}`,
			...settingNames
				.filter((name) => settingDescription(name).group === group)
				.flatMap((name) => {
					const { key, example } = settingDescription(name);
					const more = [`Such as: ${key}=${example}`, `On the command line: ${settingFlag(name)}`];
					const broken = more.flatMap((line) => [".br", roff(line)]);
					return [".TP", `.B ${roff(key)}`, ...settingSentences(name).flatMap(lines), ...broken];
				}),
		]),
		".SH EXAMPLES",
		"A node of a fleet:",
		".PP",
		".nf",
		...lines("PATHKEEPER_ETCD=https://192.0.2.11:2379,https://192.0.2.12:2379,https://192.0.2.13:2379"),
		...lines("PATHKEEPER_ETCD_CA=/etc/pathkeeper/pki/etcd-ca.crt"),
		...lines("PATHKEEPER_ETCD_CERT=/etc/pathkeeper/pki/etcd-client.crt"),
		...lines("PATHKEEPER_ETCD_KEY=/etc/pathkeeper/pki/etcd-client.key"),
		".fi",
		".SH SEE ALSO",
		".BR pathkeeper (1)",
		"",
	].join("\n");
}

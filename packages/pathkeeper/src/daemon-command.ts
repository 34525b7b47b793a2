import type { ExtraCommand } from "@pathkeeper/cli";
import { realRuntime } from "./runtime/real-runtime.ts";
import { defaultSettingsFile, gatherSettings } from "./settings/given.ts";
import { addSettingOptions } from "./settings/setting-options.ts";
import type { SettingName } from "./settings/settings-table.ts";

interface DaemonFlags
	extends Partial<Record<Exclude<SettingName, "etcd" | "etcdInsecure" | "simulate">, string>> {
	readonly etcd?: readonly string[];
	readonly etcdInsecure?: true;
	readonly simulate?: true | string;
	readonly settings?: string;
}

/** What is still going on when everything is closed has this long, in milliseconds. */
const lingerMs = 1_000;

/** `pathkeeper daemon`. */
export const daemonCommand: ExtraCommand = {
	add: (program, run) => {
		const daemon = program
			.command("daemon")
			.summary("run Pathkeeper here: an agent for this host, a server for the fleet, or both")
			.description(
				`Run Pathkeeper here: an agent for this host, a server for the fleet, or both. Every option can also be set in ${defaultSettingsFile} or in the environment, --etcd-ca as PATHKEEPER_ETCD_CA and so on; options on the command line win, then the environment.`,
			)
			.option("--settings <file>", `settings file, instead of ${defaultSettingsFile}`);
		addSettingOptions(daemon);
		daemon.action(({ settings: file, etcd, etcdInsecure, simulate, ...flags }: DaemonFlags) =>
			run(async () => {
				const { socket } = program.opts<{ socket?: string }>();
				const given = gatherSettings({
					flags: {
						...flags,
						...(socket === undefined ? {} : { socket }),
						...(etcd === undefined ? {} : { etcd: etcd.join(",") }),
						...(etcdInsecure === undefined ? {} : { etcdInsecure: "yes" }),
						...(simulate === undefined ? {} : { simulate: simulate === true ? "demo" : simulate }),
					},
					env: process.env,
					file: file ?? null,
				});
				// Other commands do without all that the daemon is made of.
				const { daemonSettings } = await import("./settings/daemon-settings.ts");
				const { runDaemon } = await import("./daemon.ts");
				try {
					return await runDaemon(daemonSettings(given));
				} finally {
					// A program that hangs, or a look that was given up, must not keep the process from its end.
					realRuntime.schedule(lingerMs, () => process.exit());
				}
			}),
		);
	},
};

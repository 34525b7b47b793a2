import type { Command } from "commander";
import { applyFile } from "../commands/config-apply.ts";
import { putOverrides, setDefaults } from "../commands/config-change.ts";
import { diffConfig } from "../commands/config-diff.ts";
import { editConfig } from "../commands/config-edit.ts";
import { showConfig } from "../commands/config-show.ts";
import {
	type ChangeOptions,
	type DigestOption,
	digestHelp,
	digestOf,
	noWaitHelp,
	type Online,
} from "./runs.ts";
import { multipathKeys, takesSettings } from "./setting-keys.ts";

export function addConfigCommands(program: Command, online: Online, columns: () => number): void {
	const config = program.command("config").description("the configuration of the fleet");
	config
		.command("show")
		.description("multipath.cfg as it is stored")
		.option("--overrides", "multipath-overrides.conf instead")
		.action((options: { overrides?: true }) =>
			online((session) => showConfig(session, options.overrides === true)),
		);
	config
		.command("diff [file]")
		.summary("what would change on every node, or what is not applied yet")
		.description(
			"What every node would get from this multipath.cfg, against what it applied last. Without a file: what is stored and not applied yet, and what drifted. Exit code 0: no difference, 1: some, 2: the file would be refused, or there is no answer.",
		)
		.option("--overrides <file>", "with this multipath-overrides.conf")
		.action((file: string | undefined, options: { overrides?: string }) =>
			online(
				(session) => diffConfig(session, { ...(file === undefined ? {} : { config: file }), ...options }),
				2,
			),
		);
	addDocumentChanges(config, online);
	takesSettings(config.command("set [settings...]"), multipathKeys("defaults"), columns)
		.description("settings for every LUN, as KEY=VALUE; others keep their values")
		.option("--unset <key...>", "remove settings")
		.option("--digest <sha1>", digestHelp)
		.option("--no-wait", noWaitHelp)
		.action((set: string[], options: ChangeOptions) =>
			online((session) =>
				setDefaults(session, {
					set,
					unset: options.unset ?? [],
					wait: options.wait,
					...digestOf(options),
				}),
			),
		);
}

function addDocumentChanges(config: Command, online: Online): void {
	config
		.command("edit")
		.description("edit multipath.cfg, see what every node would get, then store it")
		.option("--overrides", "multipath-overrides.conf instead")
		.option("-y, --yes", "store without asking")
		.option("--no-wait", noWaitHelp)
		.action((options: { overrides?: true; yes?: true; wait: boolean }) =>
			online((session) =>
				editConfig(session, {
					overrides: options.overrides === true,
					yes: options.yes === true,
					wait: options.wait,
				}),
			),
		);
	config
		.command("apply <file>")
		.summary("store a file as multipath.cfg")
		.description(
			"Store a file (-: standard input) as multipath.cfg, after showing what every node would get. Asks first; a script needs --yes. Exit code 1 when it was refused or not confirmed.",
		)
		.option("--overrides", "as multipath-overrides.conf instead")
		.option("-y, --yes", "store without asking")
		.option("--digest <sha1>", digestHelp)
		.option("--no-wait", noWaitHelp)
		.action((file: string, options: DigestOption & { overrides?: true; yes?: true; wait: boolean }) =>
			online((session) =>
				applyFile(session, file, {
					overrides: options.overrides === true,
					yes: options.yes === true,
					wait: options.wait,
					...digestOf(options),
				}),
			),
		);
	config
		.command("overrides <file>")
		.description("replace multipath-overrides.conf with a file's text")
		.option("--digest <sha1>", digestHelp)
		.option("--no-wait", noWaitHelp)
		.action((file: string, options: ChangeOptions) =>
			online((session) => putOverrides(session, file, { wait: options.wait, ...digestOf(options) })),
		);
}

import type { Command } from "commander";
import { allowLun, setLun } from "../commands/lun-change.ts";
import { runForget } from "../commands/lun-forget.ts";
import { listCandidates, listLuns } from "../commands/lun-list.ts";
import { showLun } from "../commands/lun-show.ts";
import { type ChangeOptions, digestHelp, digestOf, noWaitHelp, type Online } from "./runs.ts";
import { multipathKeys, takesSettings } from "./setting-keys.ts";

export function addLunCommands(program: Command, online: Online, columns: () => number): void {
	const lun = program.command("lun").description("the allow-list of LUNs");
	lun
		.command("list")
		.description("allowed LUNs with their state")
		.option("--candidates", "LUNs that nodes see and that are not allowed")
		.action((options: { candidates?: true }) => online(options.candidates ? listCandidates : listLuns));
	lun
		.command("show <wwid-or-alias>")
		.description("one LUN: verdict with reasons, settings, and its paths on every node")
		.option("--all", "in large fleets, also the paths of nodes where all is well")
		.action((name: string, options: { all?: true }) =>
			online((session) => showLun(session, name, options.all === true)),
		);
	const withKeys = (command: Command) => takesSettings(command, multipathKeys("multipaths"), columns);
	withKeys(lun.command("allow <wwid> [settings...]"))
		.summary("allow a LUN: every node assembles its map")
		.description(
			"Allow a LUN: every node assembles its map, or those named with nodes=N1,N2. Settings as KEY=VALUE, such as alias=db-log no-path-retry=fail comment='Oracle redo'.",
		)
		.option("--digest <sha1>", digestHelp)
		.option("--no-wait", noWaitHelp)
		.action((wwid: string, set: string[], options: ChangeOptions) =>
			online((session) =>
				allowLun(session, wwid, { set, unset: [], wait: options.wait, ...digestOf(options) }),
			),
		);
	withKeys(lun.command("set <wwid-or-alias> [settings...]"))
		.description("change settings of a LUN, as KEY=VALUE; others keep their values")
		.option("--unset <key...>", "remove settings")
		.option("--digest <sha1>", digestHelp)
		.option("--no-wait", noWaitHelp)
		.action((name: string, set: string[], options: ChangeOptions) =>
			online((session) =>
				setLun(session, name, {
					set,
					unset: options.unset ?? [],
					wait: options.wait,
					...digestOf(options),
				}),
			),
		);
	addForget(lun, online);
}

function addForget(lun: Command, online: Online): void {
	lun
		.command("forget <wwid-or-alias>")
		.summary("forget a LUN on every node")
		.description(
			"Forget a LUN on every node: its maps are removed, and the entries that Pathkeeper made for it. Refused while anything uses it anywhere. Asks for confirmation on a terminal, not in a script. Exit code 1 when it was refused, or when it is not verified that the LUN is gone from every node that was asked.",
		)
		.option("--force", "skip nodes that cannot be asked; never a map that is in use")
		.option("-y, --yes", "do not ask")
		.option("--digest <sha1>", digestHelp)
		.action((name: string, options: { force?: true; yes?: true; digest?: string }) =>
			online((session) =>
				runForget(session, name, {
					force: options.force === true,
					yes: options.yes === true,
					...digestOf(options),
				}),
			),
		);
}

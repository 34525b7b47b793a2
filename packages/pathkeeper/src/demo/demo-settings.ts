import { type DaemonSettings, daemonSettings } from "../settings/daemon-settings.ts";
import type { GivenSetting } from "../settings/given.ts";
import type { SettingName } from "../settings/settings-table.ts";
import { demoSocket } from "./demo-folder.ts";

export interface DemoChoice {
	/** Such as `3x4x4`; undefined: the SAN with names, on three hosts. */
	readonly size: string | undefined;
	/** As for the daemon; undefined: 127.0.0.1:8010, or a free port when that one is taken. */
	readonly listen: string | undefined;
}

/** Seconds between two looks of an agent: somebody watches. */
const interval = "2";

/**
 * The settings of the daemon that a demo is, in its folder. Nothing comes from a settings file or from PATHKEEPER_… of
 * the environment: those are about a real fleet. Throws SETTINGS_INVALID.
 */
export function demoSettings({ size, listen }: DemoChoice, folder: string): DaemonSettings {
	const said: readonly (readonly [SettingName, string, place?: string])[] = [
		["role", "both"],
		["store", "embedded"],
		["state", folder],
		["socket", demoSocket(folder)],
		["interval", interval],
		["simulate", size ?? "demo", "--size"],
		...(listen === undefined ? [] : [["listen", listen] as const]),
	];
	const settings = new Map<SettingName, GivenSetting>();
	for (const [name, text, place = `--${name}`] of said) settings.set(name, { text, place });
	const daemon = daemonSettings({ settings, problems: new Map() });
	return {
		...daemon,
		simulate: size === undefined ? "demo-fleet" : daemon.simulate,
		// Where nobody said which port, every other one is as good.
		listen:
			daemon.listen === null || daemon.listen.required
				? daemon.listen
				: { ...daemon.listen, orFreePort: true },
	};
}

import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { type DaemonSettings, daemonSettings, type Role } from "../../settings/daemon-settings.ts";
import { defaultSettingsFile, gatherSettings } from "../../settings/given.ts";
import type { SettingName } from "../../settings/settings-table.ts";
import type { Fact } from "./fact.ts";
import type { Units } from "./units.ts";

/** What this machine is to be in the fleet, and the settings that its daemons get. */
export interface OwnSettings {
	/** What runs here, or is to run at boot; `both` when nothing says. */
	readonly roles: readonly Role[];
	readonly file: string;
	/** Whether the settings file is there. */
	readonly hasFile: boolean;
	/** By role; a role whose settings are refused is missing. */
	readonly settings: ReadonlyMap<Role, DaemonSettings>;
	/** What is wrong, by place. */
	readonly problems: ReadonlyMap<string, string>;
}

export interface OwnSettingsSources {
	readonly flags: Readonly<Partial<Record<SettingName, string>>>;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Null: the default one. */
	readonly file: string | null;
}

const unitRoles: readonly (readonly [unit: string, role: Role])[] = [
	["pathkeeper.service", "both"],
	["pathkeeper-agent.service", "agent"],
	["pathkeeper-server.service", "server"],
];

/** Reads the settings as each role's daemon would. Throws when the file cannot be looked at. */
export function gatherOwnSettings(sources: OwnSettingsSources, units: Fact<Units>): OwnSettings {
	const file = sources.file ?? defaultSettingsFile;
	const hasFile = isThere(file);
	// The settings themselves say what is wrong with a file, but not that only root may read it.
	if (hasFile) readFileSync(file);
	const settings = new Map<Role, DaemonSettings>();
	const problems = new Map<string, string>();
	const fromUnits = rolesOf(units);
	const flagged = sources.flags.role;
	const roles = flagged === undefined ? fromUnits : [];
	for (const role of roles.length > 0 ? roles : [null]) {
		const flags = role === null ? sources.flags : { ...sources.flags, role };
		try {
			const read = daemonSettings(gatherSettings({ ...sources, flags }));
			settings.set(read.role, read);
		} catch (error) {
			if (!(error instanceof PathkeeperError) || error.code !== "SETTINGS_INVALID") throw error;
			for (const [place, problem] of Object.entries(error.fields)) problems.set(place, problem);
		}
	}
	const found = roles.length > 0 ? roles : [...settings.keys()];
	return { roles: found.length > 0 ? found : ["both"], file: resolve(file), hasFile, settings, problems };
}

/** Every file and folder that these settings name, and what is kept in those folders: what a look at them may touch. */
export function pathsIn({ settings }: OwnSettings): readonly string[] {
	return [...settings.values()].flatMap(({ store, tls, stateFolder, socketPath }) => [
		socketPath,
		stateFolder,
		...["owned.json", "first-administrator", "tls/server.crt", "tls/server.key"].map((name) =>
			join(stateFolder, name),
		),
		...(tls === null ? [] : [tls.cert, tls.key]),
		...(store.kind === "etcd"
			? [store.tls.ca, store.tls.cert, store.tls.key, store.passwordFile].filter((path) => path !== undefined)
			: []),
	]);
}

function rolesOf(units: Fact<Units>): readonly Role[] {
	if (!units.known) return [];
	const found = unitRoles
		.filter(([name]) => {
			const unit = units.value.get(name);
			return (
				unit !== undefined &&
				(unit.file === "enabled" || unit.active === "active" || unit.active === "failed")
			);
		})
		.map(([, role]) => role);
	// Beside the one host's service the others cannot run; that is a diagnosis of its own.
	return found.includes("both") ? ["both"] : found;
}

function isThere(path: string): boolean {
	try {
		statSync(path);
		return true;
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
		throw new Error(messageOf(error), { cause: error });
	}
}

/** From what was said to what the daemon does: every setting is checked here, and every problem named with its place. */
import { isIP } from "node:net";
import { join } from "node:path";
import { PathkeeperError } from "@pathkeeper/model";
import { isNodeName } from "@pathkeeper/store";
import { encryptIt, notEncrypted } from "../store/encrypted.ts";
import type { StoreSettings } from "../store/open-store.ts";
import { type AllowedAddresses, allowedAddresses } from "./allowed-addresses.ts";
import type { Given, GivenSetting } from "./given.ts";
import { flagOf, type SettingName, settingDescription } from "./settings-table.ts";

export type Role = "agent" | "server" | "both";

/** How much is logged: this, and what weighs more. */
export type LogLevel = "debug" | "info" | "warn" | "error";

export interface SimulatedSize {
	readonly nodes: number;
	readonly luns: number;
	readonly pathsPerLun: number;
}

/** A SAN that is played: one host or three on the one with names, or as many of everything as asked. */
export type SimulatedSan = "demo" | "demo-fleet" | SimulatedSize;

/** Where HTTPS is served. */
export interface Listen {
	/** Null: every address of this machine. */
	readonly host: string | null;
	readonly port: number;
	/** False: nobody asked for it, so a port that is taken is no reason not to look after this host. */
	readonly required: boolean;
	/** True: a port that is taken is replaced by one that is free. */
	readonly orFreePort?: true;
}

export interface DaemonSettings {
	readonly role: Role;
	readonly store: StoreSettings;
	readonly logLevel: LogLevel;
	/** Null: the host's name up to the first dot. */
	readonly node: string | null;
	/** Longest time between two looks at the host; a node that was silent for three times as long is unknown. */
	readonly intervalMs: number;
	/** Folder for what must survive a restart; a simulated fleet has one of its own below the one that was named. */
	readonly stateFolder: string;
	/** Where the host's file tree starts. */
	readonly hostRoot: string;
	readonly socketPath: string;
	/** Null: nothing is served on the network. */
	readonly listen: Listen | null;
	/** Paths of PEM files; null: a certificate of our own making. */
	readonly tls: { readonly cert: string; readonly key: string } | null;
	/** Who may read metrics over HTTPS without a token. */
	readonly metricsFor: AllowedAddresses;
	/** How many days the log of the fleet is kept. */
	readonly logDays: number;
	/** How many days a node keeps its tasks when they have ended. */
	readonly taskDays: number;
	/** How many days audit records are kept. */
	readonly auditDays: number;
	/** Null: this host. */
	readonly simulate: SimulatedSan | null;
}

const defaults = {
	// Agent and server are different users, and share no folder. Who is both is an agent first: what it put on its host
	// has to be known to it whether the fleet is on this host or elsewhere.
	state: {
		agent: "/var/lib/pathkeeper/agent",
		both: "/var/lib/pathkeeper/agent",
		server: "/var/lib/pathkeeper/server",
	},
	hostRoot: "/",
	socket: {
		agent: "/run/pathkeeper/api.sock",
		both: "/run/pathkeeper/api.sock",
		server: "/run/pathkeeper-server/api.sock",
	},
	port: 8010,
	logDays: 7,
	taskDays: 30,
	auditDays: 365,
	intervalMs: 5_000,
	prefix: "/pathkeeper/",
	// A trial must never mix its nodes into a fleet.
	simulatedPrefix: "/pathkeeper-simulated/",
} as const;

/** Throws SETTINGS_INVALID with all problems, by place. */
export function daemonSettings(all: Given): DaemonSettings {
	const problems = new Map(all.problems);
	const role = oneOf(all.settings.get("role"), ["agent", "server", "both"], "both", problems);
	const given = settingsFor(role, all);
	const said = (name: SettingName) => given.settings.get(name);
	const refuse = (name: SettingName, problem: string) =>
		problems.set(said(name)?.place ?? flagOf(name), problem);

	const simulate = readAs(said("simulate"), simulatedSize, null, problems);
	const kind = oneOf(said("store"), ["embedded", "etcd"], said("etcd") ? "etcd" : "embedded", problems);
	if (kind === "embedded" && role !== "both")
		refuse("role", `${role} needs --store etcd: the embedded store belongs to one process`);
	const base = said("state")?.text ?? defaults.state[role];
	const stateFolder = simulate === null ? base : join(base, "simulated");
	if (said("interval") !== undefined && role === "server")
		refuse("interval", "a server does not observe a host");
	if (said("node") !== undefined && (simulate !== null || role === "server"))
		refuse("node", simulate === null ? "a server is not a node" : "simulated nodes have names of their own");
	if (said("taskDays") !== undefined && role === "server")
		refuse("taskDays", "the agent of each node keeps its tasks; set it there");
	const store =
		kind === "etcd"
			? etcdSettings(given, simulate === null ? defaults.prefix : defaults.simulatedPrefix, problems)
			: embedded(given, stateFolder, problems);
	const settings: DaemonSettings = {
		role,
		store: { ...store, quota: readAs(said("storeQuota"), quota, undefined, problems) },
		logLevel: oneOf(said("log"), ["debug", "info", "warn", "error"], "info", problems),
		node: readAs(said("node"), nodeName, null, problems),
		intervalMs: readAs(said("interval"), interval, defaults.intervalMs, problems),
		stateFolder,
		hostRoot: said("hostRoot")?.text ?? defaults.hostRoot,
		socketPath: said("socket")?.text ?? defaults.socket[role],
		listen: listenFor(given, role, kind, problems),
		tls: tlsFrom(given, problems),
		logDays: readAs(said("logDays"), days, defaults.logDays, problems),
		taskDays: readAs(said("taskDays"), days, defaults.taskDays, problems),
		auditDays: readAs(said("auditDays"), auditDays, defaults.auditDays, problems),
		metricsFor: readAs(said("metricsAllow"), allowedAddresses, nobody, problems),
		simulate,
	};
	if (problems.size > 0)
		throw new PathkeeperError("SETTINGS_INVALID", { fields: Object.fromEntries(problems) });
	return settings;
}

/**
 * Agent and server of one machine share a settings file, so there a setting of the other role is skipped. As an option
 * it is a mistake, and stays to be refused.
 */
function settingsFor(role: Role, { settings, problems }: Given): Given {
	const isUsed = (name: SettingName) =>
		role === "both" || settingDescription(name).usedBy.some((user) => user === role);
	const kept = [...settings].filter(([name, { place }]) => isUsed(name) || place === flagOf(name));
	return { settings: new Map(kept), problems };
}

const nobody: AllowedAddresses = { has: () => false };

const etcdOnly = [
	"etcd",
	"etcdCa",
	"etcdCert",
	"etcdKey",
	"etcdUser",
	"etcdPasswordFile",
	"etcdPrefix",
	"etcdInsecure",
] as const satisfies readonly SettingName[];

function embedded(given: Given, stateFolder: string, problems: Map<string, string>): StoreSettings {
	for (const name of etcdOnly) {
		const setting = given.settings.get(name);
		if (setting !== undefined) problems.set(setting.place, "only with --store etcd; the store is embedded");
	}
	return { kind: "embedded", path: join(stateFolder, "store.db") };
}

function etcdSettings(given: Given, prefix: string, problems: Map<string, string>): StoreSettings {
	const text = (name: SettingName) => given.settings.get(name)?.text;
	const endpoints = (text("etcd") ?? "").split(/[\s,]+/).filter((url) => url !== "");
	if (endpoints.length === 0) problems.set("--etcd", "name at least one member, such as https://etcd1:2379");
	const isInsecure = readAs(given.settings.get("etcdInsecure"), yesOrNo, false, problems);
	const clear = notEncrypted(endpoints);
	if (clear !== null && !isInsecure) problems.set("--etcd", `'${clear}' ${encryptIt}`);
	together(given, "etcdCert", "etcdKey", problems);
	together(given, "etcdUser", "etcdPasswordFile", problems);
	const tls = { ca: text("etcdCa"), cert: text("etcdCert"), key: text("etcdKey") };
	return {
		kind: "etcd",
		endpoints,
		tls,
		user: text("etcdUser"),
		passwordFile: text("etcdPasswordFile"),
		prefix: text("etcdPrefix") ?? prefix,
	};
}

function listenFor(
	given: Given,
	role: Role,
	kind: "embedded" | "etcd",
	problems: Map<string, string>,
): Listen | null {
	const said = given.settings.get("listen");
	if (role === "agent") {
		if (said !== undefined && said.text !== "off") problems.set(said.place, "an agent serves nothing");
		return null;
	}
	if (said?.text === "off") return null;
	// One host is looked after from that host, a fleet from anywhere.
	if (said === undefined)
		return kind === "embedded"
			? { host: "127.0.0.1", port: defaults.port, required: false }
			: { host: null, port: defaults.port, required: true };
	const [host, port] = readAs(said, address, [null, 0], problems);
	return { host, port, required: true };
}

function tlsFrom(given: Given, problems: Map<string, string>): DaemonSettings["tls"] {
	together(given, "tlsCert", "tlsKey", problems);
	const cert = given.settings.get("tlsCert")?.text;
	const key = given.settings.get("tlsKey")?.text;
	return cert === undefined || key === undefined ? null : { cert, key };
}

function together(given: Given, one: SettingName, other: SettingName, problems: Map<string, string>): void {
	for (const [is, lacks] of [
		[one, other],
		[other, one],
	] as const) {
		const setting = given.settings.get(is);
		if (setting !== undefined && !given.settings.has(lacks))
			problems.set(setting.place, `needs ${flagOf(lacks)} as well`);
	}
}

function oneOf<const W extends string>(
	setting: GivenSetting | undefined,
	words: readonly W[],
	otherwise: W,
	problems: Map<string, string>,
): W {
	if (setting === undefined) return otherwise;
	const word = words.find((each) => each === setting.text);
	if (word === undefined) problems.set(setting.place, `'${setting.text}' is not one of ${words.join(", ")}`);
	return word ?? otherwise;
}

/** `read` gives null for what it does not understand, or what is wrong with it as an Error. */
function readAs<T>(
	setting: GivenSetting | undefined,
	read: (text: string) => T | Error,
	otherwise: T,
	problems: Map<string, string>,
): T {
	if (setting === undefined) return otherwise;
	const value = read(setting.text);
	if (!(value instanceof Error)) return value;
	problems.set(setting.place, value.message);
	return otherwise;
}

function nodeName(text: string): string | null | Error {
	return isNodeName(text) ? text : new Error(`'${text}' is not the name of a node`);
}

function days(text: string): number | Error {
	const number = Number(text);
	if (/^\d{1,3}$/.test(text) && number >= 1 && number <= 365) return number;
	return new Error(`'${text}' is not a number of days from 1 to 365`);
}

/** Not fewer than are kept however short room is. */
function auditDays(text: string): number | Error {
	const number = /^\d{1,4}$/.test(text) ? Number(text) : 0;
	if (number >= 90 && number <= 3650) return number;
	return new Error(`'${text}' is not a number of days from 90 to 3650`);
}

/** Bytes, or with a unit: `512M`, `2G`, also `GiB`. */
function quota(text: string): number | Error {
	const [, digits, unit = ""] = /^(\d{1,12})([MG])?(?:iB)?$/.exec(text) ?? [];
	const bytes = Number(digits) * (unit === "G" ? 1024 ** 3 : unit === "M" ? 1024 ** 2 : 1);
	if (bytes >= 16 * 1024 ** 2 && bytes <= 64 * 1024 ** 3) return bytes;
	return new Error(`'${text}' is not a size from 16M to 64G, such as 2G`);
}

/** In whole seconds. A minute is the most: with three of them nobody would call the health of a node known. */
function interval(text: string): number | Error {
	const seconds = /^\d{1,2}$/.test(text) ? Number(text) : 0;
	if (seconds >= 1 && seconds <= 60) return seconds * 1000;
	return new Error(`'${text}' is not a number of seconds from 1 to 60`);
}

function yesOrNo(text: string): boolean | Error {
	if (/^(?:1|yes|true|on)$/i.test(text)) return true;
	if (/^(?:0|no|false|off)$/i.test(text)) return false;
	return new Error(`'${text}' is neither yes nor no`);
}

/** `10.0.0.1:8010`, `[::1]:8010`; `*:8010` for every address; a port alone for this machine only. */
function address(text: string): readonly [host: string | null, port: number] | Error {
	const [, bracketed, plain, digits] =
		/^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text) ?? [];
	const port = Number(digits);
	const host = bracketed ?? plain ?? "127.0.0.1";
	const soundHost =
		host === "*" || isIP(host) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host);
	if (digits === undefined || port > 65_535 || !soundHost)
		return new Error(`'${text}' is not ADDRESS:PORT, such as 127.0.0.1:8010, [::1]:8010 or *:8010; or off`);
	return [host === "*" ? null : host, port];
}

function simulatedSize(text: string): "demo" | SimulatedSize | null | Error {
	if (text === "demo") return "demo";
	const [nodes = 0, luns = 0, pathsPerLun = 0] = text.split("x").map(Number);
	const sound =
		/^\d+x\d+x\d+$/.test(text) &&
		nodes >= 1 &&
		nodes <= 200 &&
		luns <= 5000 &&
		pathsPerLun >= 1 &&
		pathsPerLun <= 32;
	if (!sound) return new Error("use NODESxLUNSxPATHS, such as 3x4x4; at most 200x5000x32");
	return { nodes, luns, pathsPerLun };
}

/** Where settings come from: flags win over the environment, and that over the settings file. */
import { existsSync, statSync } from "node:fs";
import { messageOf } from "@pathkeeper/model";
import { readOwnFile } from "./own-file.ts";
import { parseSettingsFile } from "./settings-file.ts";

/** Every setting of the daemon: its flag (camel case, as commander gives it), and its name in file and environment. */
export const settingNames = {
	role: "PATHKEEPER_ROLE",
	store: "PATHKEEPER_STORE",
	storeQuota: "PATHKEEPER_STORE_QUOTA",
	etcd: "PATHKEEPER_ETCD",
	etcdCa: "PATHKEEPER_ETCD_CA",
	etcdCert: "PATHKEEPER_ETCD_CERT",
	etcdKey: "PATHKEEPER_ETCD_KEY",
	etcdUser: "PATHKEEPER_ETCD_USER",
	etcdPasswordFile: "PATHKEEPER_ETCD_PASSWORD_FILE",
	etcdPrefix: "PATHKEEPER_ETCD_PREFIX",
	etcdInsecure: "PATHKEEPER_ETCD_INSECURE",
	node: "PATHKEEPER_NODE",
	interval: "PATHKEEPER_INTERVAL",
	listen: "PATHKEEPER_LISTEN",
	tlsCert: "PATHKEEPER_TLS_CERT",
	tlsKey: "PATHKEEPER_TLS_KEY",
	metricsAllow: "PATHKEEPER_METRICS_ALLOW",
	logDays: "PATHKEEPER_LOG_DAYS",
	taskDays: "PATHKEEPER_TASK_DAYS",
	auditDays: "PATHKEEPER_AUDIT_DAYS",
	state: "PATHKEEPER_STATE",
	hostRoot: "PATHKEEPER_HOST_ROOT",
	socket: "PATHKEEPER_SOCKET",
	simulate: "PATHKEEPER_SIMULATE",
} as const;

export type SettingName = keyof typeof settingNames;

/** Names that belong to the command line and the log, and may stand in the same file. */
const others: ReadonlySet<string> = new Set([
	"PATHKEEPER_LOG",
	"PATHKEEPER_SERVER",
	"PATHKEEPER_TOKEN",
	"PATHKEEPER_CA",
	"PATHKEEPER_FINGERPRINT",
]);

export const defaultSettingsFile = "/etc/pathkeeper/pathkeeper.conf";

export interface GivenSetting {
	readonly text: string;
	/** Where it was said, for messages. */
	readonly place: string;
}

export interface Given {
	readonly settings: ReadonlyMap<SettingName, GivenSetting>;
	/** What is wrong already, by place. */
	readonly problems: ReadonlyMap<string, string>;
}

export interface Sources {
	/** Flags of the command line; what was not given is undefined. */
	readonly flags: Readonly<Partial<Record<SettingName, string>>>;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Null: the default one, which need not be there. */
	readonly file: string | null;
}

/** Everything that was said, the strongest source of each setting. */
export function gatherSettings({ flags, env, file }: Sources): Given {
	const problems = new Map<string, string>();
	const settings = new Map<SettingName, GivenSetting>();
	for (const [name, setting] of fromFile(file, problems)) settings.set(name, setting);
	for (const name of names()) {
		const key = settingNames[name];
		const said = env[key];
		if (said !== undefined && said !== "") settings.set(name, { text: said, place: `environment ${key}` });
		const flag = flags[name];
		if (flag !== undefined) settings.set(name, { text: flag, place: flagOf(name) });
	}
	return { settings, problems };
}

/** `--etcd-ca` for `etcdCa`. */
export function flagOf(name: SettingName): string {
	return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function fromFile(
	given: string | null,
	problems: Map<string, string>,
): readonly (readonly [SettingName, GivenSetting])[] {
	const path = given ?? defaultSettingsFile;
	if (given === null && !existsSync(path)) return [];
	let text: string;
	try {
		text = readOwnFile(path, { isSecret: false });
	} catch (error) {
		problems.set(path, messageOf(error));
		return [];
	}
	const parsed = parseSettingsFile(text);
	for (const { line, problem } of parsed.problems) problems.set(`${path}:${line}`, problem);
	return parsed.settings.flatMap(({ line, key, value }) => {
		const place = `${path}:${line}`;
		const name = names().find((each) => settingNames[each] === key);
		if (key === "PATHKEEPER_TOKEN" && value !== "" && (statSync(path).mode & 0o007) !== 0)
			problems.set(place, `everybody may read the token in ${path}; chmod o-rwx it`);
		// Variables of Node and others may stand there for the service manager; a name of ours that is misspelt may not.
		if (name === undefined && key.startsWith("PATHKEEPER_") && !others.has(key))
			problems.set(place, `there is no setting ${key}`);
		return name === undefined || value === ""
			? []
			: [[name, { text: value, place: `${place} ${key}` }] as const];
	});
}

function names(): readonly SettingName[] {
	const known = (name: string): name is SettingName => name in settingNames;
	return Object.keys(settingNames).filter(known);
}

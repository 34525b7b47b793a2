/**
 * Every setting of the daemon, once. The command line takes its options from here, the settings file its names; the
 * commented /etc/pathkeeper/pathkeeper.conf, pathkeeper.conf(5) and the reference in the documents are written from it.
 */

/** The parts in which settings are shown, in order. */
export const settingGroups = {
	host: "What runs here",
	store: "Where the fleet's state is kept",
	etcd: "How etcd is reached",
	serving: "What is served on the network",
	kept: "How long things are kept",
	places: "Files and folders",
	trial: "Trials",
} as const;

export type SettingGroup = keyof typeof settingGroups;

export interface SettingDescription {
	readonly group: SettingGroup;
	/** Its name in the settings file and in the environment. */
	readonly key: `PATHKEEPER_${string}`;
	/**
	 * What its option takes: `<file>`; `[size]` when the option may also stand alone; null for an option without a value,
	 * which is `yes` or `no` in the settings file.
	 */
	readonly value: `<${string}>` | `[${string}]` | null;
	/** True when its option may be given several times; in the settings file the values stand in one line, with commas. */
	readonly isList?: true;
	/** What it is, as a phrase that begins small. */
	readonly text: string;
	/** What holds without it, in words; null: nothing of that kind. */
	readonly default: string | null;
	/** A value that can stand in the settings file: the default where it has one form, else an example. */
	readonly example: string;
	/** Which role makes use of it. */
	readonly usedBy: readonly ("agent" | "server")[];
}

const both = ["agent", "server"] as const;

export const settingsTable = {
	role: {
		group: "host",
		key: "PATHKEEPER_ROLE",
		value: "<role>",
		text: "what the daemon runs as: agent, server or both; the services of the package set it themselves",
		default: "both",
		example: "both",
		usedBy: both,
	},
	node: {
		group: "host",
		key: "PATHKEEPER_NODE",
		value: "<name>",
		text: "name of this host in the fleet",
		default: "its host name up to the first dot",
		example: "n1",
		usedBy: ["agent"],
	},
	interval: {
		group: "host",
		key: "PATHKEEPER_INTERVAL",
		value: "<seconds>",
		text: "max time between two observations of this host, from 1 to 60; a node that is silent for three of them is unknown",
		default: "5",
		example: "5",
		usedBy: ["agent"],
	},
	log: {
		group: "host",
		key: "PATHKEEPER_LOG",
		value: "<level>",
		text: "how much is logged: debug, info, warn or error",
		default: "info",
		example: "info",
		usedBy: both,
	},
	store: {
		group: "store",
		key: "PATHKEEPER_STORE",
		value: "<kind>",
		text: "what keeps the state: embedded for one host, or etcd for a fleet",
		default: "embedded, or etcd when etcd is given",
		example: "embedded",
		usedBy: both,
	},
	storeQuota: {
		group: "store",
		key: "PATHKEEPER_STORE_QUOTA",
		value: "<size>",
		text: "max size of the store on disk, such as 4G; with etcd its --quota-backend-bytes; from nine tenths on, changes are refused",
		default: "2G",
		example: "2G",
		usedBy: both,
	},
	etcd: {
		group: "etcd",
		key: "PATHKEEPER_ETCD",
		value: "<url>",
		isList: true,
		text: "a member of etcd; repeat it for each member",
		default: null,
		example: "https://etcd1:2379,https://etcd2:2379,https://etcd3:2379",
		usedBy: both,
	},
	etcdCa: {
		group: "etcd",
		key: "PATHKEEPER_ETCD_CA",
		value: "<file>",
		text: "the CA of etcd's certificates",
		default: "the authorities that Node.js trusts",
		example: "/etc/pathkeeper/pki/etcd-ca.crt",
		usedBy: both,
	},
	etcdCert: {
		group: "etcd",
		key: "PATHKEEPER_ETCD_CERT",
		value: "<file>",
		text: "client certificate for etcd",
		default: null,
		example: "/etc/pathkeeper/pki/etcd-client.crt",
		usedBy: both,
	},
	etcdKey: {
		group: "etcd",
		key: "PATHKEEPER_ETCD_KEY",
		value: "<file>",
		text: "key of that certificate",
		default: null,
		example: "/etc/pathkeeper/pki/etcd-client.key",
		usedBy: both,
	},
	etcdUser: {
		group: "etcd",
		key: "PATHKEEPER_ETCD_USER",
		value: "<name>",
		text: "user in etcd",
		default: null,
		example: "pathkeeper",
		usedBy: both,
	},
	etcdPasswordFile: {
		group: "etcd",
		key: "PATHKEEPER_ETCD_PASSWORD_FILE",
		value: "<file>",
		text: "file with the password of that user",
		default: null,
		example: "/etc/pathkeeper/pki/etcd-password",
		usedBy: both,
	},
	etcdPrefix: {
		group: "etcd",
		key: "PATHKEEPER_ETCD_PREFIX",
		value: "<prefix>",
		text: "prefix of the fleet's keys",
		default: "/pathkeeper/",
		example: "/pathkeeper/",
		usedBy: both,
	},
	etcdInsecure: {
		group: "etcd",
		key: "PATHKEEPER_ETCD_INSECURE",
		value: null,
		text: "allow an unencrypted etcd on the network; a finding reports it",
		default: "no",
		example: "no",
		usedBy: both,
	},
	listen: {
		group: "serving",
		key: "PATHKEEPER_LISTEN",
		value: "<address>",
		text: "ADDRESS:PORT for HTTPS, *:PORT for every address, PORT for this machine only, or off",
		default: "127.0.0.1:8010 with the embedded store, else *:8010",
		example: "127.0.0.1:8010",
		usedBy: ["server"],
	},
	tlsCert: {
		group: "serving",
		key: "PATHKEEPER_TLS_CERT",
		value: "<file>",
		text: "certificate with its chain",
		default: "one that is created at the first start",
		example: "/etc/pathkeeper/pki/server.crt",
		usedBy: ["server"],
	},
	tlsKey: {
		group: "serving",
		key: "PATHKEEPER_TLS_KEY",
		value: "<file>",
		text: "key of that certificate",
		default: null,
		example: "/etc/pathkeeper/pki/server.key",
		usedBy: ["server"],
	},
	metricsAllow: {
		group: "serving",
		key: "PATHKEEPER_METRICS_ALLOW",
		value: "<addresses>",
		text: "who may read /metrics without a token: addresses and networks such as 10.0.0.0/24",
		default: "nobody",
		example: "10.0.0.0/24,fd00::/64",
		usedBy: ["server"],
	},
	logDays: {
		group: "kept",
		key: "PATHKEEPER_LOG_DAYS",
		value: "<days>",
		text: "how long the log of the fleet is kept, from 1 to 365",
		default: "7",
		example: "7",
		usedBy: ["server"],
	},
	taskDays: {
		group: "kept",
		key: "PATHKEEPER_TASK_DAYS",
		value: "<days>",
		text: "how long the ended tasks of a node are kept, from 1 to 365",
		default: "30",
		example: "30",
		usedBy: ["agent"],
	},
	auditDays: {
		group: "kept",
		key: "PATHKEEPER_AUDIT_DAYS",
		value: "<days>",
		text: "how long the audit is kept, from 90 to 3650",
		default: "365",
		example: "365",
		usedBy: ["server"],
	},
	state: {
		group: "places",
		key: "PATHKEEPER_STATE",
		value: "<folder>",
		text: "folder for state that must survive a restart",
		default: "/var/lib/pathkeeper/agent, or /var/lib/pathkeeper/server with the role server",
		example: "/var/lib/pathkeeper/agent",
		usedBy: both,
	},
	socket: {
		group: "places",
		key: "PATHKEEPER_SOCKET",
		value: "<path>",
		text: "the server's local socket, where root of this host needs no password",
		default: "/run/pathkeeper/api.sock, or /run/pathkeeper-server/api.sock with the role server",
		example: "/run/pathkeeper/api.sock",
		usedBy: ["server"],
	},
	hostRoot: {
		group: "places",
		key: "PATHKEEPER_HOST_ROOT",
		value: "<folder>",
		text: "where the host's file tree starts",
		default: "/",
		example: "/",
		usedBy: ["agent"],
	},
	simulate: {
		group: "trial",
		key: "PATHKEEPER_SIMULATE",
		value: "[size]",
		text: "a simulated SAN instead of this host: demo, or its size as NODESxLUNSxPATHS. With the role server: serve the simulated fleet of that store",
		default: "this host itself",
		example: "3x4x4",
		usedBy: both,
	},
} as const satisfies Readonly<Record<string, SettingDescription>>;

/** A setting's name in the program: that of its option in camel case. */
export type SettingName = keyof typeof settingsTable;

/** In the order in which they are shown. */
export const settingNames: readonly SettingName[] = Object.keys(settingsTable).filter(
	(name): name is SettingName => name in settingsTable,
);

export function settingDescription(name: SettingName): SettingDescription {
	return settingsTable[name];
}

/** `--etcd-ca` for `etcdCa`. */
export function flagOf(name: SettingName): string {
	return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

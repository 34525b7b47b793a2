import type { Tree } from "./tree.ts";

/** What open-iscsi is to log in to, and how. Nothing secret of a record is kept. */
export interface IscsiFacts {
	readonly installed: boolean;
	/** Folder of the node records: /etc/iscsi/nodes in Debian 12 and RHEL, /var/lib/iscsi/nodes in Debian 13. */
	readonly records: readonly IscsiRecord[];
	readonly sessions: readonly IscsiSession[];
	/** Lines of initiatorname.iscsi that name an initiator; null: the file is not there. */
	readonly names: readonly string[] | null;
	/** Milliseconds since the epoch; null: not there. */
	readonly nameChangedAt: number | null;
	readonly machineIdChangedAt: number | null;
	/** True: a password is set in iscsid.conf, and everybody may read the file. */
	readonly readablePassword: boolean;
}

export interface IscsiRecord {
	readonly path: string;
	readonly target: string;
	/** `address:port`, an IPv6 address in brackets. */
	readonly portal: string;
	/** `automatic`, `manual`, `onboot`; empty when the record does not say. */
	readonly startup: string;
	readonly connectionStartup: string;
}

export interface IscsiSession {
	/** `session1`. */
	readonly name: string;
	readonly target: string;
	readonly portal: string | null;
	/** Seconds that I/O of a session that is down is held; null: not told. */
	readonly recoveryTimeoutS: number | null;
}

/** Folders of node records. */
export const recordFolders = ["/etc/iscsi/nodes", "/var/lib/iscsi/nodes"];
const mostRecords = 10_000;
const programs = [
	"/usr/sbin/iscsid",
	"/sbin/iscsid",
	"/usr/sbin/iscsiadm",
	"/usr/bin/iscsiadm",
	"/sbin/iscsiadm",
];

export async function gatherIscsi(tree: Tree): Promise<IscsiFacts> {
	const found = await Promise.all(programs.map((path) => tree.entry(path, true)));
	const nameText = await tree.read("/etc/iscsi/initiatorname.iscsi");
	const conf = await tree.read("/etc/iscsi/iscsid.conf");
	const confEntry = await tree.entry("/etc/iscsi/iscsid.conf");
	return {
		installed: found.some((entry) => entry !== null),
		records: await recordsIn(tree),
		sessions: await sessionsIn(tree),
		names:
			nameText === null
				? null
				: [...nameText.matchAll(/^\s*InitiatorName\s*=\s*(\S+)\s*$/gm)].map(([, name = ""]) => name),
		nameChangedAt: (await tree.entry("/etc/iscsi/initiatorname.iscsi"))?.changedAt ?? null,
		machineIdChangedAt: (await tree.entry("/etc/machine-id"))?.changedAt ?? null,
		readablePassword:
			conf !== null && /^\s*\S*password\S*\s*=\s*\S/m.test(conf) && ((confEntry?.mode ?? 0) & 0o004) !== 0,
	};
}

/** `nodes/IQN/ADDRESS,PORT,TPGT/IFACE`, or the file itself at the place of the last folder (open-iscsi usr/idbm.c). */
async function recordsIn(tree: Tree): Promise<readonly IscsiRecord[]> {
	const records: IscsiRecord[] = [];
	for (const folder of recordFolders)
		for (const target of await tree.list(folder))
			for (const place of await tree.list(`${folder}/${target}`)) {
				const path = `${folder}/${target}/${place}`;
				const isFolder = (await tree.entry(path))?.kind === "folder";
				const files = isFolder ? (await tree.list(path)).map((name) => `${path}/${name}`) : [path];
				for (const file of files) {
					if (records.length >= mostRecords) throw new Error(`there are more than ${mostRecords} records`);
					const text = await tree.read(file);
					if (text !== null) records.push(recordOf(file, target, place, text));
				}
			}
	return records;
}

function recordOf(path: string, target: string, place: string, text: string): IscsiRecord {
	const [address = "", port = "3260"] = place.split(",");
	const said = (key: string) =>
		text
			.split("\n")
			.find((line) => line.startsWith(`${key} =`))
			?.slice(key.length + 2)
			.trim() ?? "";
	return {
		path,
		target,
		portal: `${address.includes(":") ? `[${address}]` : address}:${port}`,
		startup: said("node.startup"),
		connectionStartup: said("node.conn[0].startup"),
	};
}

async function sessionsIn(tree: Tree): Promise<readonly IscsiSession[]> {
	const folder = "/sys/class/iscsi_session";
	const sessions: IscsiSession[] = [];
	for (const name of await tree.list(folder)) {
		const read = async (path: string) => ((await tree.read(path)) ?? "").trim();
		const connection = `/sys/class/iscsi_connection/connection${name.replace(/^session/, "")}:0`;
		const [target, address, port, seconds] = await Promise.all([
			read(`${folder}/${name}/targetname`),
			read(`${connection}/persistent_address`),
			read(`${connection}/persistent_port`),
			read(`${folder}/${name}/recovery_tmo`),
		]);
		sessions.push({
			name,
			target,
			portal: address === "" ? null : `${address.includes(":") ? `[${address}]` : address}:${port}`,
			recoveryTimeoutS: /^\d+$/.test(seconds) ? Number(seconds) : null,
		});
	}
	return sessions;
}

/** What goes into the support archive, and where it comes from. */
import { type Host, type HostFiles, RootedFiles, type RunProgram } from "@pathkeeper/host";
import { rawMapFormat, rawPathFormat } from "@pathkeeper/model";
import { realRuntime } from "../../runtime/real-runtime.ts";
import type { Facts } from "../facts/facts.ts";
import { Tree } from "../facts/tree.ts";
import { deadDevice } from "./dead-device.ts";

export interface Source {
	/** Name in the archive. */
	readonly name: string;
	/** Where it comes from, for the manifest. */
	readonly from: string;
	/** Which part is kept of one that is too long. */
	readonly keep: "beginning" | "end";
	/** True for a file that is meant to hold secrets: those are taken out of all others as well. */
	readonly holdsSecrets?: true;
	/** Null: there is nothing. Throws where it cannot be had. */
	readonly read: () => Promise<string | null>;
}

export interface SourcesOptions {
	readonly host: Host;
	readonly root: string;
	readonly run: RunProgram;
	readonly facts: Facts;
	readonly version: string;
}

const programMs = 20_000;
const daemonMs = 15_000;
const outputBytes = 16 * 1024 * 1024;

const multipathdCommands: readonly (readonly [name: string, command: string])[] = [
	["maps.json", "show maps json"],
	["topology.txt", "show topology"],
	["maps-raw.txt", `show maps raw format "${rawMapFormat}"`],
	["paths-raw.txt", `show paths raw format "${rawPathFormat}"`],
	["show-config.txt", "show config"],
	["show-config-local.txt", "show config local"],
	["show-blacklist.txt", "show blacklist"],
	["show-status.txt", "show status"],
	["show-daemon.txt", "show daemon"],
	["show-maps-stats.txt", "show maps stats"],
];

const files = [
	"/etc/multipath.conf",
	"/etc/multipath/wwids",
	"/etc/multipath/bindings",
	"/etc/os-release",
	"/etc/hostname",
	"/etc/iscsi/iscsid.conf",
	"/etc/iscsi/initiatorname.iscsi",
	"/etc/lvm/lvmlocal.conf",
	"/etc/lvm/devices/system.devices",
	"/proc/cmdline",
	"/proc/version",
	"/proc/partitions",
	"/proc/self/mountinfo",
	"/proc/modules",
] as const;

/** Folders of which the files with these names are taken. */
const folders: readonly (readonly [folder: string, names: RegExp])[] = [
	["/etc/multipath/conf.d", /./],
	["/etc/udev/rules.d", /multipath|lvm|scsi|nvme/],
	["/etc/modprobe.d", /./],
];

const ownUnits = ["pathkeeper.service", "pathkeeper-agent.service", "pathkeeper-server.service"];
const otherUnits = [
	"multipathd.service",
	"multipathd.socket",
	"iscsid.service",
	"iscsid.socket",
	"open-iscsi.service",
];

/** Names, then program and arguments. Nothing here opens a block device. */
const programs: readonly (readonly [name: string, program: string, args: readonly string[]])[] = [
	[
		"system/lsblk.json",
		"lsblk",
		["--json", "--output", "NAME,KNAME,MAJ:MIN,TYPE,SIZE,RO,STATE,HCTL,TRAN,VENDOR,MODEL,REV,WWN,MOUNTPOINT"],
	],
	["system/dmsetup-info.txt", "dmsetup", ["info", "--columns", "--noflush"]],
	["system/dmsetup-table.txt", "dmsetup", ["table"]],
	["system/dmsetup-status.txt", "dmsetup", ["status", "--noflush"]],
	["system/lvmconfig.txt", "lvmconfig", ["--typeconfig", "diff"]],
	["system/uname.txt", "uname", ["-a"]],
	["system/time.txt", "timedatectl", ["show"]],
	["system/df.txt", "df", ["-h", "/", "/etc", "/run", "/boot", "/var/lib"]],
	[
		"system/packages.txt",
		"dpkg-query",
		[
			"--show",
			"pathkeeper",
			"multipath-tools*",
			"kpartx",
			"lvm2",
			"dmsetup",
			"open-iscsi",
			"etcd-*",
			"systemd",
			"udev",
			"linux-image-*",
		],
	],
	["units/show.txt", "systemctl", ["show", ...ownUnits, ...otherUnits]],
	["units/cat.txt", "systemctl", ["cat", ...ownUnits, ...otherUnits]],
];

const journals: readonly (readonly [name: string, args: readonly string[]])[] = [
	["journal/pathkeeper.txt", ["-n", "3000", ...ownUnits.flatMap((unit) => ["-u", unit])]],
	["journal/multipathd.txt", ["-n", "1000", "-u", "multipathd.service"]],
	["journal/iscsid.txt", ["-n", "500", "-u", "iscsid.service", "-u", "open-iscsi.service"]],
	["journal/kernel.txt", ["-n", "1500", "-k"]],
];

const lvmReports: readonly (readonly [name: string, program: string, fields: string])[] = [
	["system/pvs.json", "pvs", "pv_all,vg_name"],
	["system/vgs.json", "vgs", "vg_all"],
	["system/lvs.json", "lvs", "lv_name,vg_name,lv_uuid,lv_size,lv_attr,segtype,lv_tags,lv_time"],
];

/** All sources, in the order of the archive. */
export async function sourcesOf(options: SourcesOptions): Promise<readonly Source[]> {
	const { host, run, facts, version, root } = options;
	const tree = new Tree(root, host.files);
	const program = (name: string, command: string, args: readonly string[], keep: Source["keep"]): Source => ({
		name,
		from: `${command} ${args.join(" ")}`,
		keep,
		read: () => printed(run, command, args),
	});
	const dead = await deadDevice(host);
	return [
		{
			name: "versions.txt",
			from: "this program",
			keep: "beginning",
			read: () => Promise.resolve(`pathkeeper ${version}\nNode ${process.versions.node} ${process.arch}\n`),
		},
		...multipathdCommands.map(
			([name, command]): Source => ({
				name: `multipathd/${name}`,
				from: `multipathd: ${command.replace(/ format .*/, " format …")}`,
				keep: "beginning",
				read: () => host.multipathd.command(command, { deadlineMs: daemonMs }),
			}),
		),
		...(await fileSources(tree, facts)),
		...programs.map(([name, command, args]) => program(name, command, args, "beginning")),
		...lvmReports.map(([name, command, fields]): Source => {
			const args = ["--reportformat", "json", "--units", "b", "--options", fields];
			const source = program(name, command, args, "beginning");
			// LVM reads every device that it looks at.
			return dead === null
				? source
				: { ...source, read: () => Promise.reject(new Error(`it might hang on ${dead}`)) };
		}),
		...journals.map(([name, args]) =>
			program(name, "journalctl", ["--no-pager", "--output", "short-iso", ...args], "end"),
		),
	];
}

async function fileSources(tree: Tree, { own, iscsi }: Facts): Promise<readonly Source[]> {
	const inFolders = await Promise.all(
		folders.map(async ([folder, names]) =>
			(await tree.list(folder).catch(() => []))
				.filter((name) => names.test(name))
				.map((name) => `${folder}/${name}`),
		),
	);
	const records = iscsi.known ? iscsi.value.records.map(({ path }) => path).slice(0, 200) : [];
	const onHost = [...files, ...inFolders.flat(), ...records].map(
		(path): Source => ({
			name: shortName(path),
			from: path,
			keep: "beginning",
			...(path.startsWith("/etc/iscsi/") || records.includes(path) ? { holdsSecrets: true } : {}),
			read: () => tree.read(path),
		}),
	);
	if (!own.known) return onHost;
	// Our own files are where this program reads them, whatever the root of the host.
	const ours = new RootedFiles(realRuntime);
	const ledgers = [...own.value.settings].map(
		([role, { stateFolder }]) => [role, `${stateFolder}/owned.json`] as const,
	);
	return [
		...onHost,
		ownFile("pathkeeper/pathkeeper.conf", own.value.file, ours),
		...ledgers.map(([role, path]) => ownFile(`pathkeeper/${role}-owned.json`, path, ours)),
	];
}

function ownFile(name: string, path: string, ours: HostFiles): Source {
	return { name, from: path, keep: "beginning", holdsSecrets: true, read: () => ours.read(path) };
}

/** Its path as it is on the host; a record of iSCSI has a long one. */
function shortName(path: string): string {
	const name = path.slice(1);
	return Buffer.byteLength(name) <= 100 ? name : `long-names/${name.replaceAll("/", "_").slice(-85)}`;
}

async function printed(run: RunProgram, program: string, args: readonly string[]): Promise<string> {
	const { code, stdout, stderr } = await run(program, args, { deadlineMs: programMs, outputBytes });
	if (stdout === "" && code !== 0) throw new Error(stderr.trim().split("\n").at(-1) || `exit code ${code}`);
	return code === 0 ? stdout : `${stdout}\n(exit code ${code}) ${stderr}`;
}

/**
 * A machine to be looked at: a real folder with the files of a Debian host, a simulated multipathd that speaks the real
 * protocol on a real socket, and the answers of the programs that no test may ask (systemd, the clock, LVM) as they
 * were recorded on Debian 12.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ProgramRunner, type RunProgram } from "@pathkeeper/host";
import { PathkeeperError, readFleetConfig, renderNode } from "@pathkeeper/model";
import {
	type Release,
	San,
	type SanPlan,
	type SimulatedHost,
	sanOf,
	simulateHost,
} from "@pathkeeper/simulator";
import { ManualRuntime } from "../../../model/test/runtime/manual-runtime.ts";
import { type Examination, examine } from "../../src/doctor/examine.ts";
import { realRuntime } from "../../src/runtime/real-runtime.ts";

export const now = Date.UTC(2026, 10, 30);
const release = "6.12.90+deb13-amd64";

export interface MachineOptions {
	readonly plan?: SanPlan;
	/** Of multipath-tools. */
	readonly release?: Release;
	readonly installed?: boolean;
	readonly started?: boolean;
	/** Files written before the daemon starts; null: not there. */
	readonly files?: Readonly<Record<string, string | null>>;
	/** Lines of the settings file. */
	readonly settings?: readonly string[];
}

export class Machine implements AsyncDisposable {
	readonly root: string;
	readonly host: SimulatedHost;
	readonly #units = new Map<string, Record<string, string>>();
	readonly #programs = new Map<string, string | PathkeeperError>();
	readonly #run = new ProgramRunner({ runtime: realRuntime }).run;

	private constructor(root: string, host: SimulatedHost) {
		this.root = root;
		this.host = host;
		for (const name of ["multipathd.service", "pathkeeper.service"]) this.unit(name, running);
		for (const name of ["open-iscsi.service", "iscsid.service"]) this.unit(name, running);
		this.unit("iscsid.socket", { LoadState: "loaded", ActiveState: "active", UnitFileState: "enabled" });
		this.unit("multipathd.socket", { ActiveState: "active", UnitFileState: "enabled" });
		this.program("timedatectl", "yes\n");
		this.program("lvmconfig", lvmDefaults);
	}

	static async make(options: MachineOptions = {}): Promise<Machine> {
		const root = mkdtempSync(join(tmpdir(), "pk-doctor-"));
		const clock = new ManualRuntime(now);
		const san = new San(options.plan ?? sanOf({ nodes: 1, luns: 2, pathsPerLun: 2 }), clock);
		const [node] = san.nodes;
		if (node === undefined) throw new Error("the plan has no node");
		const wwids = [...new Set(node.disks.map(({ wwid }) => wwid))];
		const files = { ...healthyFiles(root, wwids, options.settings ?? []), ...options.files };
		for (const [path, text] of Object.entries(files)) if (text !== null) put(root, path, text);
		mkdirSync(join(root, "var/lib/pathkeeper"), { recursive: true, mode: 0o700 });
		mkdirSync(join(root, "run/systemd/system"), { recursive: true });
		mkdirSync(join(root, "sys/module/dm_multipath"), { recursive: true });
		mkdirSync(join(root, "boot"), { recursive: true });
		const host = await simulateHost({
			runtime: realRuntime,
			node: node.plan.name,
			san,
			root,
			clock,
			release: options.release ?? "0.15.1",
			installed: options.installed ?? true,
			started: options.started ?? true,
		});
		return new Machine(root, host);
	}

	/** WWIDs of its LUNs. */
	get wwids(): readonly string[] {
		return [...new Set(this.host.kernel.disks.map(({ wwid }) => wwid))];
	}

	write(path: string, text: string, mode = 0o644): void {
		put(this.root, path, text);
		chmodSync(join(this.root, path), mode);
	}

	link(path: string, target: string): void {
		mkdirSync(dirname(join(this.root, path)), { recursive: true });
		symlinkSync(target, join(this.root, path));
	}

	remove(path: string): void {
		rmSync(join(this.root, path), { recursive: true, force: true });
	}

	/** When a file changed, milliseconds since the epoch. */
	date(path: string, ms: number): void {
		utimesSync(join(this.root, path), ms / 1000, ms / 1000);
	}

	/** What systemd says of a unit; what is not given stays. */
	unit(name: string, properties: Readonly<Record<string, string>>): void {
		this.#units.set(name, { ...this.#units.get(name), ...properties });
	}

	/** What a program prints, or how it fails. */
	program(name: string, answer: string | PathkeeperError): void {
		this.#programs.set(name, answer);
	}

	examine(
		more: { readonly nodeVersion?: string; readonly hostName?: string; readonly now?: number } = {},
		then?: Parameters<typeof examine>[1],
	): Promise<Examination> {
		return examine(
			{
				env: {},
				file: join(this.root, "etc/pathkeeper/pathkeeper.conf"),
				hostRoot: this.root,
				socket: join(this.root, "run/pathkeeper/api.sock"),
				now,
				nodeVersion: "24.21.0",
				hostName: "n1.example.com",
				host: this.host,
				run: this.run,
				...more,
			},
			then,
		);
	}

	readonly run: RunProgram = async (program, args, options) => {
		// Of one folder, or a real look at all others.
		const stat = this.#programs.get(`stat ${args.at(-1)?.slice(this.root.length)}`);
		if (program === "head" || program === "ls") return await this.#look(program, args, options);
		if (program === "stat" && stat === undefined) return await this.#run(program, args, options);
		const answer =
			program === "systemctl"
				? this.#systemctl(args)
				: program === "stat"
					? stat
					: this.#programs.get(program);
		if (answer instanceof PathkeeperError) throw answer;
		if (answer === undefined) throw notInstalled(program);
		return { code: 0, signal: null, stdout: answer, stderr: "" };
	};

	/** As it is, but for a path that a test made hang (`head PATH`). */
	readonly #look: RunProgram = async (program, args, options) => {
		const answer = this.#programs.get(`head ${args.at(-1)?.slice(this.root.length)}`);
		if (answer instanceof PathkeeperError) throw answer;
		return await this.#run(program, args, options);
	};

	#systemctl(args: readonly string[]): string {
		const names = args.slice(args.indexOf("--") + 1);
		return names
			.map((name) => {
				const properties = { ...absent, ...this.#units.get(name), Id: name };
				return Object.entries(properties)
					.map(([key, value]) => `${key}=${value}\n`)
					.join("");
			})
			.join("\n");
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.host.close();
		rmSync(this.root, { recursive: true, force: true });
	}
}

export function notInstalled(program: string): PathkeeperError {
	return new PathkeeperError("PROGRAM_NOT_INSTALLED", { program });
}

export const running = {
	LoadState: "loaded",
	ActiveState: "active",
	UnitFileState: "enabled",
	MainPID: "4000",
};

const absent = {
	LoadState: "not-found",
	ActiveState: "inactive",
	UnitFileState: "",
	Result: "success",
	NeedDaemonReload: "no",
	DropInPaths: "",
	MainPID: "0",
};

/** `lvmconfig --typeconfig full devices/…` of lvm2 2.03.16 as Debian ships it. */
export const lvmDefaults = `filter=["a|.*|"]
global_filter=["a|.*|"]
use_devicesfile=0
multipath_component_detection=1
`;

const target = "iqn.2026-11.example:vega";
/** As Debian 13 has it. */
export const recordFolder = `/var/lib/iscsi/nodes/${target}/192.0.2.1,3260,1`;

export function iscsiRecord(startup: string): string {
	return [
		"# BEGIN RECORD 2.1.11",
		`node.name = ${target}`,
		"node.tpgt = 1",
		`node.startup = ${startup}`,
		"node.session.auth.authmethod = CHAP",
		"node.session.auth.username = host",
		"node.session.auth.password = very secret indeed",
		"node.conn[0].address = 192.0.2.1",
		"node.conn[0].port = 3260",
		`node.conn[0].startup = ${startup}`,
		"# END RECORD",
		"",
	].join("\n");
}

function healthyFiles(
	root: string,
	wwids: readonly string[],
	settings: readonly string[],
): Record<string, string> {
	const text = wwids.map((wwid) => `wwid: ${wwid}\n`).join("\n");
	const { files } = renderNode({
		config: readFleetConfig(text).config,
		overrides: "",
		toolsVersion: "0.15.1",
		node: "n1",
	});
	const kept = `PATHKEEPER_STATE=${root}/var/lib/pathkeeper\n${settings.map((line) => `${line}\n`).join("")}`;
	return {
		"/etc/pathkeeper/pathkeeper.conf": kept,
		...Object.fromEntries(files.map(({ name, text }) => [`/etc/multipath/conf.d/${name}`, text])),
		"/etc/multipath/wwids": wwids.map((wwid) => `/${wwid}/\n`).join(""),
		"/usr/lib/udev/rules.d/60-multipath.rules":
			'# rules\nSUBSYSTEM!="block", GOTO="end_mpath"\nLABEL="end_mpath"\n',
		"/etc/machine-id": "0123456789abcdef0123456789abcdef\n",
		"/etc/iscsi/initiatorname.iscsi": "InitiatorName=iqn.1993-08.org.debian:01:4c1f5b2d7a10\n",
		[`${recordFolder}/default`]: iscsiRecord("automatic"),
		"/sys/class/iscsi_session/session1/targetname": `${target}\n`,
		"/sys/class/iscsi_session/session1/recovery_tmo": "5\n",
		"/sys/class/iscsi_connection/connection1:0/persistent_address": "192.0.2.1\n",
		"/sys/class/iscsi_connection/connection1:0/persistent_port": "3260\n",
		"/proc/sys/kernel/osrelease": `${release}\n`,
		"/proc/cmdline": `BOOT_IMAGE=/boot/vmlinuz-${release} root=UUID=0 ro quiet\n`,
		"/proc/self/mountinfo": "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n",
	};
}

function put(root: string, path: string, text: string): void {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), text);
}

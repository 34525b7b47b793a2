import { chmodSync } from "node:fs";
import { type SanPlan, sanOf } from "@pathkeeper/simulator";
import { describe, expect, test } from "vitest";
import { exitCodeFor } from "../../src/doctor/diagnosis.ts";
import type { Examination } from "../../src/doctor/examine.ts";
import {
	iscsiRecord,
	lvmDefaults,
	Machine,
	type MachineOptions,
	notInstalled,
	now,
	recordFolder,
	running,
} from "./machine.ts";

/** Everything that is not fine. */
function troubles({ diagnoses }: Examination) {
	return diagnoses.filter(({ severity }) => severity !== "ok");
}

interface Defect {
	readonly name: string;
	readonly options?: MachineOptions;
	readonly harm?: (machine: Machine) => Promise<void> | void;
	readonly look?: Parameters<Machine["examine"]>[0];
	readonly code: string;
	/** 0: a note. */
	readonly exit: 0 | 1 | 2;
	/** Of the first command (not of a remark before it). */
	readonly fix: RegExp;
	readonly where?: RegExp;
}

const dropIn = (name: string, text: string): MachineOptions => ({
	files: { [`/etc/multipath/conf.d/${name}`]: text },
});

function bootMount(options: string, ofFileSystem: string): string {
	return `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n23 22 8:2 / /boot ${options} shared:2 - ext4 /dev/vda2 ${ofFileSystem}\n`;
}

/** One disk on a bus that names no transport. */
function localDisk(): SanPlan {
	const plan = sanOf({ nodes: 1, luns: 1, pathsPerLun: 1 });
	return { ...plan, arrays: plan.arrays.map((array) => ({ ...array, protocol: "unspec" })) };
}

/** Its root file system is on its only LUN. */
function rootOnLun(): SanPlan {
	const plan = sanOf({ nodes: 1, luns: 1, pathsPerLun: 2 });
	const rootWwid = plan.arrays[0]?.luns[0]?.wwid ?? "";
	return { ...plan, nodes: plan.nodes.map((node) => ({ ...node, rootWwid })) };
}

const defects: readonly Defect[] = [
	{
		name: "multipath-tools is not installed",
		options: { installed: false },
		code: "multipath-tools-missing",
		exit: 2,
		fix: /^apt-get install multipath-tools$/,
	},
	{
		name: "multipathd does not run",
		options: { started: false },
		code: "multipathd-not-running",
		exit: 2,
		fix: /^systemctl enable --now multipathd\.service$/,
	},
	{
		name: "multipathd is masked",
		options: { started: false },
		harm: (machine) => machine.unit("multipathd.service", { LoadState: "masked", UnitFileState: "enabled" }),
		code: "multipathd-not-running",
		exit: 2,
		fix: /^systemctl unmask multipathd\.service/,
	},
	{
		name: "only its socket starts multipathd",
		harm: (machine) => machine.unit("multipathd.service", { UnitFileState: "disabled" }),
		code: "multipathd-only-by-socket",
		exit: 1,
		fix: /^systemctl enable --now multipathd\.service$/,
	},
	{
		name: "nothing starts multipathd at boot",
		harm: (machine) => {
			machine.unit("multipathd.service", { UnitFileState: "disabled" });
			machine.unit("multipathd.socket", { UnitFileState: "disabled" });
		},
		code: "multipathd-not-at-boot",
		exit: 1,
		fix: /^systemctl enable --now multipathd\.service$/,
	},
	{
		name: "multipath-tools has known holes",
		options: { release: "0.11.1" },
		code: "multipath-tools-known-holes",
		exit: 0,
		fix: /^apt-get update$/,
	},
	{
		name: "the running multipathd was replaced on disk",
		harm: (machine) => {
			machine.write(
				"/proc/4000/maps",
				"7f00-7f01 r-xp 00000000 08:01 11 /usr/lib/x86_64-linux-gnu/libmultipath.so.0 (deleted)\n",
			);
		},
		code: "multipathd-restart-needed",
		exit: 1,
		fix: /^systemctl restart multipathd\.service$/,
	},
	{
		name: "the kernel has no dm-multipath",
		harm: (machine) => {
			machine.remove("/sys/module/dm_multipath");
			machine.write("/lib/modules/6.12.90+deb13-amd64/modules.dep", "kernel/drivers/md/dm-mod.ko.xz:\n");
		},
		code: "dm-multipath-missing",
		exit: 2,
		fix: /^apt-get install linux-image-/,
	},
	{
		name: "the module is not loaded",
		harm: (machine) => {
			machine.remove("/sys/module/dm_multipath");
			machine.write(
				"/lib/modules/6.12.90+deb13-amd64/modules.dep",
				"kernel/drivers/md/dm-multipath.ko.xz: x\n",
			);
		},
		code: "dm-multipath-missing",
		exit: 2,
		fix: /^modprobe dm-multipath$/,
	},
	{
		name: "the kernel command line switches multipath off",
		harm: (machine) => machine.write("/proc/cmdline", "root=/dev/vda1 nompath quiet\n"),
		code: "multipath-off-at-boot",
		exit: 2,
		fix: /^update-grub$/,
	},
	{
		name: "the udev rules of multipath are missing",
		options: { files: { "/usr/lib/udev/rules.d/60-multipath.rules": null } },
		code: "multipath-udev-rules-missing",
		exit: 2,
		fix: /^apt-get install --reinstall multipath-tools$/,
	},
	{
		name: "the udev rules of multipath are hidden",
		harm: (machine) => machine.link("/etc/udev/rules.d/60-multipath.rules", "/dev/null"),
		code: "multipath-udev-rules-hidden",
		exit: 2,
		fix: /^rm \/etc\/udev\/rules\.d\/60-multipath\.rules$/,
	},
	{
		name: "the blacklist of the host hides an allowed LUN",
		options: { files: { "/etc/multipath.conf": 'blacklist {\n\twwid ".*"\n}\n' } },
		code: "blacklist-hides-luns",
		exit: 2,
		fix: /^multipath -t > \/dev\/null$/,
		where: /^\/etc\/multipath\.conf:2$/,
	},
	{
		name: "an allowed LUN is not in the wwids file",
		options: { files: { "/etc/multipath/wwids": "# none\n" } },
		code: "lun-not-listed",
		exit: 2,
		fix: /^multipath -a 3600/,
		where: /^\/etc\/multipath\/wwids$/,
	},
	{
		name: "another drop-in changes what ours sets",
		options: dropIn(
			"zz-storage-vendor.conf",
			'defaults {\n\tfind_multipaths "yes"\n\tuser_friendly_names "yes"\n}\n',
		),
		code: "foreign-drop-in",
		exit: 1,
		fix: /^multipathd reconfigure$/,
		where: /zz-storage-vendor\.conf$/,
	},
	{
		name: "the overrides of another file are stronger than our defaults",
		options: { files: { "/etc/multipath.conf": 'overrides {\n\tuser_friendly_names "yes"\n}\n' } },
		code: "foreign-drop-in",
		exit: 1,
		fix: /^multipathd reconfigure$/,
		where: /^\/etc\/multipath\.conf$/,
	},
	{
		name: "a line of multipath.conf is not understood",
		options: { files: { "/etc/multipath.conf": "defaults {\n\tno_path_retri 12\n}\n" } },
		code: "multipath-conf-problem",
		exit: 1,
		fix: /^pathkeeper conf check \/etc\/multipath\.conf$/,
		where: /^\/etc\/multipath\.conf:2:2$/,
	},
	{
		name: "a value of multipath.conf ends multipathd at its next reconfigure",
		harm: (machine) => machine.write("/etc/multipath.conf", 'blacklist {\n\tdevnode "(sd"\n}\n'),
		code: "multipath-conf-fatal",
		exit: 2,
		fix: /^multipath -t > \/dev\/null$/,
		where: /^\/etc\/multipath\.conf:2/,
	},
	{
		name: "multipath.conf names another folder of configuration",
		options: { files: { "/etc/multipath.conf": 'defaults {\n\tconfig_dir "/etc/multipath.d"\n}\n' } },
		code: "multipath-conf-elsewhere",
		exit: 1,
		fix: /^multipath -t > \/dev\/null$/,
		where: /^\/etc\/multipath\.conf:2$/,
	},
	{
		name: "a drop-in has a name that multipath does not read",
		options: dropIn("vendor.conf.dpkg-new", "defaults {\n}\n"),
		code: "multipath-conf-not-read",
		exit: 1,
		fix: /^/,
		where: /vendor\.conf\.dpkg-new$/,
	},
	{
		name: "a name stands for two LUNs in bindings",
		options: { files: { "/etc/multipath/bindings": "# Multipath bindings\nmpatha 3600a\nmpatha 3600b\n" } },
		code: "bindings-duplicate",
		exit: 1,
		fix: /^multipathd reconfigure$/,
		where: /bindings:3$/,
	},
	{
		name: "a local disk is in a map",
		options: {
			plan: localDisk(),
			files: { "/etc/multipath/conf.d/pathkeeper.conf": null },
		},
		code: "local-disk-in-map",
		exit: 1,
		fix: /^multipath -f /,
		where: /^sd[a-z]$/,
	},
	{
		name: "LVM may take single paths",
		harm: (machine) =>
			machine.program(
				"lvmconfig",
				'filter=["a|.*|"]\nglobal_filter=["a|.*|"]\nuse_devicesfile=0\nmultipath_component_detection=0\n',
			),
		code: "lvm-sees-paths",
		exit: 2,
		fix: /^lvmconfig /,
	},
	{
		name: "the filter of LVM hides maps",
		harm: (machine) => {
			machine.write(
				"/etc/lvm/lvmlocal.conf",
				'devices {\n\tglobal_filter = [ "r|/dev/mapper/.*|", "r|/dev/.*|" ]\n}\n',
			);
			machine.program(
				"lvmconfig",
				'filter=["a|.*|"]\nglobal_filter=["r|/dev/mapper/.*|","r|/dev/.*|"]\nuse_devicesfile=0\nmultipath_component_detection=1\n',
			);
		},
		code: "lvm-filter-hides-maps",
		exit: 1,
		fix: /^vgs$/,
		where: /^\/etc\/lvm\/lvmlocal\.conf:2$/,
	},
	{
		name: "a portal in use is not logged in to at boot",
		options: { files: { [`${recordFolder}/default`]: iscsiRecord("manual") } },
		code: "iscsi-manual-startup",
		exit: 1,
		fix: /^iscsiadm -m node -T iqn\.2026-11\.example:vega -p 192\.0\.2\.1:3260 -o update -n node\.startup -v automatic$/,
	},
	{
		name: "nothing logs in at boot",
		harm: (machine) => machine.unit("open-iscsi.service", { UnitFileState: "disabled" }),
		code: "iscsi-login-not-at-boot",
		exit: 1,
		fix: /^systemctl enable open-iscsi\.service$/,
	},
	{
		name: "iscsid does not run",
		harm: (machine) => {
			machine.unit("iscsid.service", { ActiveState: "inactive" });
			machine.unit("iscsid.socket", { ActiveState: "inactive" });
		},
		code: "iscsid-not-running",
		exit: 2,
		fix: /^journalctl .*-u iscsid\.service$/,
	},
	{
		name: "iSCSI holds I/O for two minutes",
		harm: (machine) => machine.write("/sys/class/iscsi_session/session1/recovery_tmo", "120\n"),
		code: "iscsi-long-timeout",
		exit: 1,
		fix: /^pathkeeper config set fast-io-fail-tmo=5$/,
	},
	{
		name: "the iSCSI initiator has no name",
		options: { files: { "/etc/iscsi/initiatorname.iscsi": "GenerateName=yes\n" } },
		code: "iscsi-initiator-name-missing",
		exit: 2,
		fix: /^echo "InitiatorName=\$\(iscsi-iname\)" > /,
	},
	{
		name: "the name of the iSCSI initiator is older than the machine",
		harm: (machine) => machine.date("/etc/iscsi/initiatorname.iscsi", now - 400 * 86_400_000),
		code: "iscsi-initiator-name-cloned",
		exit: 1,
		fix: /^echo "InitiatorName=/,
	},
	{
		name: "everybody may read the password of iSCSI",
		options: { files: { "/etc/iscsi/iscsid.conf": "node.session.auth.password = secret\n" } },
		code: "iscsi-password-readable",
		exit: 1,
		fix: /^chmod 600 \/etc\/iscsi\/iscsid\.conf$/,
	},
	{
		name: "multipathd does not answer",
		harm: (machine) => machine.host.daemon.setFaults({ refuse: true }),
		code: "multipathd-silent",
		exit: 2,
		fix: /^multipathd show daemon$/,
	},
	{
		name: "an alias of ours is another LUN's name",
		options: {
			files: {
				"/etc/multipath/bindings": "db-log 3600other\n",
				"/etc/multipath/conf.d/aaa.conf":
					'multipaths {\n\tmultipath {\n\t\twwid "3600mine"\n\t\talias "db-log"\n\t}\n}\n',
			},
		},
		code: "alias-conflict",
		exit: 2,
		fix: /^multipathd reconfigure$/,
		where: /bindings:1$/,
	},
	{
		name: "the devices file of LVM names a path",
		harm: (machine) => {
			const [map] = machine.host.kernel.maps;
			const path = map?.disks[0]?.dev ?? "";
			machine.program("lvmconfig", lvmDefaults.replace("use_devicesfile=0", "use_devicesfile=1"));
			machine.write(
				"/etc/lvm/devices/system.devices",
				`IDTYPE=sys_wwid IDNAME=naa.6001 DEVNAME=/dev/${path} PVID=x\n`,
			);
		},
		code: "lvm-devices-file-names-path",
		exit: 1,
		fix: /^lvmdevices --deldev \/dev\/sd[a-z]+$/,
	},
	{
		name: "the boot image of a root on a LUN is older than the allow-list",
		options: { plan: rootOnLun() },
		harm: (machine) => {
			machine.write("/usr/share/initramfs-tools/hooks/multipath", "#!/bin/sh\n");
			machine.write("/boot/initrd.img-6.12.90+deb13-amd64", "image");
			machine.date("/boot/initrd.img-6.12.90+deb13-amd64", now - 30 * 86_400_000);
			Object.assign(machine.host, { initramfs: { check: () => Promise.resolve(null) } });
		},
		code: "initramfs-outdated",
		exit: 1,
		fix: /^update-initramfs -u$/,
		where: /^\/boot\/initrd\.img-/,
	},
	{
		name: "no room is left for state",
		harm: (machine) => machine.program("stat /var/lib/pathkeeper", "100 5000000 4096 1000 100000\n"),
		code: "disk-full",
		exit: 2,
		fix: /^df -h \/var\/lib\/pathkeeper; df -i/,
	},
	{
		name: "little room is left in /boot",
		harm: (machine) => machine.program("stat /boot", "5000 120000 4096 1000 100000\n"),
		code: "disk-space",
		exit: 1,
		fix: /^df -h \/boot/,
	},
	{
		name: "no inode is left in /run",
		harm: (machine) => machine.program("stat /run", "200000 500000 4096 0 100000\n"),
		code: "disk-full",
		exit: 2,
		fix: /^df -h \/run/,
	},
	{
		name: "/etc is mounted read-only",
		harm: (machine) =>
			machine.write(
				"/proc/self/mountinfo",
				"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n23 22 8:2 / /etc ro,relatime shared:2 - ext4 /dev/vda2 ro\n",
			),
		code: "file-system-read-only",
		exit: 2,
		fix: /^dmesg /,
	},
	{
		name: "/boot is mounted read-only on purpose",
		harm: (machine) => machine.write("/proc/self/mountinfo", bootMount("ro,relatime", "ro")),
		code: "file-system-read-only",
		exit: 0,
		fix: /^/,
	},
	...["ro,errors=remount-ro", "rw,emergency_ro"].map(
		(options): Defect => ({
			name: `the kernel made /boot read-only (${options})`,
			harm: (machine) => machine.write("/proc/self/mountinfo", bootMount("rw,relatime", options)),
			code: "file-system-read-only",
			exit: 2,
			fix: /^dmesg /,
		}),
	),
	{
		name: "others may look into the folder of state",
		harm: (machine) => chmodSync(`${machine.root}/var/lib/pathkeeper`, 0o755),
		code: "state-folder-mode",
		exit: 1,
		fix: /^chown root: /,
	},
	{
		name: "everybody may write into the folder of state",
		harm: (machine) => chmodSync(`${machine.root}/var/lib/pathkeeper`, 0o777),
		code: "state-folder-open",
		exit: 2,
		fix: /^chown root: /,
	},
	{
		name: "everybody may change the settings",
		harm: (machine) => chmodSync(`${machine.root}/etc/pathkeeper/pathkeeper.conf`, 0o666),
		code: "settings-problem",
		exit: 2,
		fix: /^chown root .*pathkeeper\.conf$/,
	},
	{
		name: "the server's socket is left, and nobody answers",
		harm: (machine) => machine.write("/run/pathkeeper/api.sock", ""),
		code: "server-silent",
		exit: 2,
		fix: /^journalctl .*'pathkeeper\*'$/,
	},
	{
		name: "a host by itself has no time service",
		harm: (machine) => machine.program("timedatectl", "no\n"),
		code: "clock-not-synchronised",
		exit: 0,
		fix: /^timedatectl set-ntp true$/,
	},
	{
		name: "a setting is misspelt",
		options: { settings: ["PATHKEEPER_INTERVALL=5"] },
		code: "settings-problem",
		exit: 2,
		fix: /^/,
		where: /pathkeeper\.conf:2$/,
	},
	{
		name: "both the one host's service and the agent's are enabled",
		harm: (machine) =>
			machine.unit("pathkeeper-agent.service", {
				LoadState: "loaded",
				UnitFileState: "enabled",
				ActiveState: "active",
			}),
		options: { settings: [] },
		code: "own-units-conflict",
		exit: 2,
		fix: /^systemctl disable --now pathkeeper\.service$/,
	},
	{
		name: "our service is not enabled",
		harm: (machine) => machine.unit("pathkeeper.service", { UnitFileState: "disabled" }),
		code: "own-unit-not-at-boot",
		exit: 1,
		fix: /^systemctl enable pathkeeper\.service$/,
	},
	{
		name: "no service of ours is chosen",
		harm: (machine) =>
			machine.unit("pathkeeper.service", { UnitFileState: "disabled", ActiveState: "inactive" }),
		code: "own-unit-not-chosen",
		exit: 0,
		fix: /^systemctl enable --now pathkeeper\.service$/,
	},
	{
		name: "our service has failed",
		harm: (machine) => machine.unit("pathkeeper.service", { ActiveState: "failed", Result: "exit-code" }),
		code: "own-unit-failed",
		exit: 2,
		fix: /^journalctl .*-u pathkeeper\.service$/,
	},
	{
		name: "a drop-in changes what our unit starts",
		harm: (machine) => {
			machine.write(overridePath, "[Service]\nExecStart=\nExecStart=/usr/bin/pathkeeper daemon\n");
			machine.unit("pathkeeper.service", { DropInPaths: overridePath });
		},
		code: "own-unit-changed",
		exit: 1,
		fix: /^systemctl cat pathkeeper\.service$/,
		where: /override\.conf$/,
	},
	{
		name: "the host calls itself localhost",
		look: { hostName: "localhost.localdomain" },
		code: "node-name",
		exit: 2,
		fix: /^hostnamectl set-hostname NAME$/,
	},
	{
		name: "the runtime is too old",
		look: { nodeVersion: "20.20.2" },
		code: "runtime-old",
		exit: 2,
		fix: /^apt-get install --reinstall pathkeeper$/,
	},
];

const overridePath = "/etc/systemd/system/pathkeeper.service.d/override.conf";

const firstCommand = (fix: readonly string[]) => fix.find((step) => !step.startsWith("#")) ?? fix[0] ?? "";

describe("a machine", () => {
	test("without a defect gives nothing, and exit code 0", async () => {
		await using machine = await Machine.make();
		const examination = await machine.examine();
		expect(troubles(examination)).toEqual([]);
		expect(exitCodeFor(examination.diagnoses)).toBe(0);
		expect(examination.diagnoses.length).toBeGreaterThan(20);
	});

	test.each(defects)("of which $name gets just that diagnosis", async (defect) => {
		await using machine = await Machine.make(defect.options);
		await defect.harm?.(machine);
		const examination = await machine.examine(defect.look);
		const found = troubles(examination);
		expect(found.map(({ code }) => code)).toEqual([defect.code]);
		expect(exitCodeFor(examination.diagnoses)).toBe(defect.exit);
		expect(firstCommand(found[0]?.fix ?? [])).toMatch(defect.fix);
		if (defect.where !== undefined) expect(found[0]?.where).toMatch(defect.where);
		expect(found[0]?.why).not.toBe("");
	});

	test("whose root file system is on a map, and whose boot image cannot be read, is not called fine", async () => {
		await using machine = await Machine.make({ plan: rootOnLun() });
		expect(troubles(await machine.examine())).toMatchObject([{ code: "initramfs", severity: "unknown" }]);
	});

	test("has the cause before what follows from it", async () => {
		await using machine = await Machine.make();
		machine.write("/etc/multipath.conf", 'blacklist {\n\tdevnode "(sd"\n}\n');
		await machine.host.daemon.stop();
		const codes = troubles(await machine.examine()).map(({ code }) => code);
		expect(codes.slice(0, 2)).toEqual(["multipath-conf-fatal", "multipathd-not-running"]);
	});

	test("has nothing wrong with it where a distribution or a container changes every service", async () => {
		await using machine = await Machine.make();
		machine.unit("pathkeeper.service", {
			DropInPaths:
				"/usr/lib/systemd/system/service.d/10-timeout-abort.conf /run/systemd/system/service.d/zzz-lxc-service.conf",
		});
		expect(troubles(await machine.examine())).toEqual([]);
	});

	test("has nothing wrong with it where an administrator limits our service", async () => {
		await using machine = await Machine.make();
		machine.write(overridePath, "[Service]\n# User=other\nMemoryMax=2G\nIPAddressAllow=192.0.2.0/24\n");
		machine.unit("pathkeeper.service", { DropInPaths: overridePath });
		expect(troubles(await machine.examine())).toEqual([]);
	});

	test("with root on a local disk has nothing wrong with it after each change of the allow-list", async () => {
		await using machine = await Machine.make();
		machine.write("/usr/share/initramfs-tools/hooks/multipath", "#!/bin/sh\n");
		machine.write("/boot/initrd.img-6.12.90+deb13-amd64", "image");
		machine.date("/boot/initrd.img-6.12.90+deb13-amd64", now - 30 * 86_400_000);
		expect(troubles(await machine.examine())).toEqual([]);
	});

	test("right after installation on Debian gets only notes, each with the next step, and exit code 0", async () => {
		await using machine = await Machine.make({
			release: "0.11.1",
			plan: { ...sanOf({ nodes: 1, luns: 1, pathsPerLun: 2 }) },
			files: {
				"/etc/multipath/conf.d/pathkeeper.conf": null,
				"/etc/multipath/wwids": null,
				"/sys/class/iscsi_session/session1/recovery_tmo": "120\n",
			},
		});
		machine.unit("pathkeeper.service", { UnitFileState: "disabled", ActiveState: "inactive" });
		machine.program("timedatectl", "no\n");
		machine.program("lvmconfig", notInstalled("lvmconfig"));
		const examination = await machine.examine({ hostName: "debian" });
		const found = troubles(examination);
		expect(found.map(({ code }) => code)).toEqual([
			"multipath-tools-known-holes",
			...(machine.host.kernel.maps.length === 0 ? ["iscsi-long-timeout"] : []),
			"own-unit-not-chosen",
			"node-name",
			"clock-not-synchronised",
		]);
		expect(new Set(found.map(({ severity }) => severity))).toEqual(new Set(["note"]));
		for (const { fix } of found) expect(fix).not.toEqual([]);
		expect(exitCodeFor(examination.diagnoses)).toBe(0);
	});

	test("of a fleet is warned of a clock that is not synchronised", async () => {
		await using machine = await Machine.make();
		machine.program("timedatectl", "no\n");
		machine.unit("pathkeeper.service", {
			LoadState: "not-found",
			UnitFileState: "",
			ActiveState: "inactive",
		});
		machine.unit("pathkeeper-server.service", running);
		const found = troubles(await machine.examine()).find(({ code }) => code === "clock-not-synchronised");
		expect(found?.severity).toBe("warning");
	});

	test("without LVM has nothing wrong with it", async () => {
		await using machine = await Machine.make();
		machine.program("lvmconfig", notInstalled("lvmconfig"));
		expect(troubles(await machine.examine())).toEqual([]);
	});
});

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { PathkeeperError } from "@pathkeeper/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { KernelReader } from "../../src/sysfs/kernel-reader.ts";
import { openerSearch } from "../../src/sysfs/openers.ts";
import { RealSysfs } from "../../src/sysfs/real-sysfs.ts";
import { SysfsTree } from "./sysfs-tree.ts";

const wwid = "36001405aabbccdd0000000000000001";
let tree: SysfsTree;
/** What dmsetup would answer; a text when it does not. */
let opens: ReadonlyMap<string, number> | string;

beforeEach(() => {
	tree = new SysfsTree();
	opens = new Map();
});
afterEach(() => tree.remove());

function sysfs(): RealSysfs {
	return new RealSysfs({
		runtime: realRuntime,
		root: tree.root,
		reader: new KernelReader({ runtime: realRuntime, stallMs: 400 }),
		askOpenCounts: async () => opens,
		findOpeners: openerSearch({ runtime: realRuntime, root: tree.root }),
	});
}

/** Two iSCSI paths and the map `db-log` (dm-0) over them. */
function twoPathMap(): void {
	const wire = { target: "iqn.2026-11.test:tgt" };
	tree.iscsi(
		{ dev: "sda", number: "8:0", hctl: "4:0:0:1", state: "running", vendor: "IET", model: "VIRTUAL-DISK" },
		{ ...wire, session: 1, ip: "192.168.71.10", portal: "192.168.71.1:3260" },
	);
	tree.iscsi(
		{ dev: "sdb", number: "8:16", hctl: "5:0:0:1", state: "transport-offline" },
		{ ...wire, session: 2, portal: "fd00::1:3260" },
	);
	tree.dm({ minor: 0, name: "db-log", uuid: `mpath-${wwid}`, on: ["sda", "sdb"] });
}

async function users(): Promise<readonly string[]> {
	const [map] = await sysfs().kernelMaps();
	return map?.users ?? ["no map"];
}

describe("maps in the kernel", () => {
	it("are the dm devices with a multipath uuid, with size in bytes, paths and open count", async () => {
		twoPathMap();
		tree.dm({ minor: 9, name: "vg0-x", uuid: "LVM-abc", on: ["sdz"] });
		opens = new Map([["dm-0", 0]]);
		expect(await sysfs().kernelMaps()).toEqual([
			{
				dm: "dm-0",
				name: "db-log",
				wwid,
				sizeBytes: 1073741824,
				suspended: false,
				slaves: ["sda", "sdb"],
				openCount: 0,
				users: [],
			},
		]);
	});

	it("are told with their sizes alone, without looking for who uses them", async () => {
		twoPathMap();
		tree.dm({ minor: 9, name: "vg0-x", uuid: "LVM-abc", on: ["sdz"] });
		const blind = new RealSysfs({
			runtime: realRuntime,
			root: tree.root,
			reader: new KernelReader({ runtime: realRuntime }),
			askOpenCounts: () => Promise.reject(new Error("asked")),
			findOpeners: () => Promise.reject(new Error("searched")),
		});
		expect(await blind.mapSizes()).toEqual(new Map([[wwid, 1073741824]]));
	});

	it("are shown when suspended and when they have no path left", async () => {
		tree.dm({ minor: 3, name: "a", uuid: `mpath-${wwid}`, on: [], suspended: true });
		expect(await sysfs().kernelMaps()).toMatchObject([{ suspended: true, slaves: [] }]);
	});

	it("are none on a machine without device-mapper, and dmsetup is not even asked", async () => {
		tree.virtio({ dev: "vda", number: "254:0" });
		const blind = new RealSysfs({
			runtime: realRuntime,
			root: tree.root,
			reader: new KernelReader({ runtime: realRuntime }),
			askOpenCounts: () => Promise.reject(new Error("asked")),
			findOpeners: openerSearch({ runtime: realRuntime, root: tree.root }),
		});
		expect(await blind.kernelMaps()).toEqual([]);
	});

	it("come in order of their number", async () => {
		for (const minor of [10, 2, 1]) tree.dm({ minor, name: `m${minor}`, uuid: `mpath-w${minor}`, on: [] });
		expect((await sysfs().kernelMaps()).map(({ dm }) => dm)).toEqual(["dm-1", "dm-2", "dm-10"]);
	});
});

describe("users of a map", () => {
	beforeEach(twoPathMap);

	it("is a file system mounted on it, with every place once", async () => {
		opens = new Map([["dm-0", 1]]);
		tree.mount("254:0", "/srv/my\\040data", "xfs", "/dev/mapper/db-log");
		tree.mount("254:0", "/mnt", "xfs", "/dev/mapper/db-log");
		expect(await users()).toEqual(["mounted on /srv/my data, /mnt"]);
	});

	it("is an LV, and what stands on the LV, with LVM's doubled hyphens undone", async () => {
		tree.dm({ minor: 7, name: "vg--san-my--data", uuid: "LVM-0123", on: ["dm-0"] });
		tree.mount("254:7", "/srv", "ext4", "/dev/mapper/vg--san-my--data");
		opens = new Map([
			["dm-0", 1],
			["dm-7", 1],
		]);
		expect(await users()).toEqual([
			"LV vg-san/my-data (dm-7) active",
			"mounted on /srv through LV vg-san/my-data (dm-7)",
		]);
	});

	it("is an active LV that nobody has opened", async () => {
		tree.dm({ minor: 7, name: "vg0-data", uuid: "LVM-0123", on: ["dm-0"] });
		opens = new Map([
			["dm-0", 1],
			["dm-7", 0],
		]);
		expect(await users()).toEqual(["LV vg0/data (dm-7) active"]);
	});

	it("is not a partition mapping that nobody uses", async () => {
		tree.dm({ minor: 4, name: "db-log-part1", uuid: `part1-mpath-${wwid}`, on: ["dm-0"] });
		opens = new Map([
			["dm-0", 1],
			["dm-4", 0],
		]);
		expect(await users()).toEqual([]);
	});

	it("is whoever uses a partition", async () => {
		tree.dm({ minor: 4, name: "db-log-part1", uuid: `part1-mpath-${wwid}`, on: ["dm-0"] });
		tree.dm({ minor: 5, name: "home", uuid: "CRYPT-LUKS2-0123-home", on: ["dm-4"] });
		tree.mount("254:5", "/home", "ext4", "/dev/mapper/home");
		opens = new Map([
			["dm-0", 1],
			["dm-4", 1],
			["dm-5", 1],
		]);
		expect(await users()).toEqual([
			"encrypted device home (dm-5) active through partition 1 (dm-4)",
			"mounted on /home through encrypted device home (dm-5)",
		]);
	});

	it("is a partition that a stranger has open", async () => {
		tree.dm({ minor: 4, name: "db-log-part1", uuid: `part1-mpath-${wwid}`, on: ["dm-0"] });
		opens = new Map([
			["dm-0", 1],
			["dm-4", 1],
		]);
		expect(await users()).toEqual(["held open by 1 other user through partition 1 (dm-4)"]);
	});

	it.each([1, 2])("is swap, which a kernel has open %d times", async (count) => {
		tree.swap("/dev/dm-0");
		opens = new Map([["dm-0", count]]);
		expect(await users()).toEqual(["swap space"]);
	});

	it("is a loop device", async () => {
		tree.loop("loop0", "7:0", "/dev/dm-0");
		tree.loop("loop1", "7:1", null);
		opens = new Map([["dm-0", 1]]);
		expect(await users()).toEqual(["loop device loop0"]);
	});

	it("is an md array, and what is mounted from its partition", async () => {
		tree.md("md127", "9:127", ["dm-0"], "259:3");
		tree.mount("259:3", "/raid", "ext4", "/dev/md127p1");
		opens = new Map([["dm-0", 1]]);
		expect(await users()).toEqual(["device md127 active", "mounted on /raid through device md127"]);
	});

	it("is an LV over an md array over the map", async () => {
		tree.md("md127", "9:127", ["dm-0"], "259:3");
		tree.dm({ minor: 7, name: "vg0-data", uuid: "LVM-0123", on: ["md127"] });
		opens = new Map([
			["dm-0", 1],
			["dm-7", 0],
		]);
		expect(await users()).toEqual(["device md127 active", "LV vg0/data (dm-7) active through device md127"]);
	});

	it("is a btrfs, whose mounts carry no device number and name one device only", async () => {
		const uuid = "0f3a1c5e-0000-4000-8000-000000000001";
		tree.dm({ minor: 1, name: "second", uuid: "mpath-w2", on: [] });
		tree.link(`/sys/fs/btrfs/${uuid}/devices/dm-0`, "/sys/block/dm-0");
		tree.link(`/sys/fs/btrfs/${uuid}/devices/dm-1`, "/sys/block/dm-1");
		tree.folder("/sys/fs/btrfs/features");
		tree.mount("0:47", "/pool", "btrfs", "/dev/mapper/second");
		opens = new Map([
			["dm-0", 1],
			["dm-1", 1],
		]);
		const maps = await sysfs().kernelMaps();
		expect(maps.map((map) => map.users)).toEqual([["mounted on /pool"], ["mounted on /pool"]]);
	});

	it("is a process that has it open, by name, number and unit", async () => {
		tree.process(4711, "kvm", ["/dev/null", "/dev/dm-0"], "0::/qemu.slice/100.scope");
		tree.process(12, "dd", ["/dev/mapper/db-log", "/dev/dm-00", "/dev/dm-0 (deleted)"]);
		opens = new Map([["dm-0", 3]]);
		expect((await users()).toSorted()).toEqual([
			"held open by 1 more user",
			"held open by dd (process 12, init.scope)",
			"held open by kvm (process 4711, 100.scope)",
		]);
	});

	it("is somebody who cannot be found", async () => {
		opens = new Map([["dm-0", 2]]);
		expect(await users()).toEqual(["held open by 2 other users"]);
	});

	it("is nobody known, and not nobody, when device-mapper cannot be asked", async () => {
		opens = "dmsetup did not finish within 5 s";
		const [map] = await sysfs().kernelMaps();
		expect(map).toMatchObject({
			openCount: null,
			users: [
				"perhaps others: device-mapper could not be asked who holds it open (dmsetup did not finish within 5 s)",
			],
		});
	});

	it("is nobody known when dmsetup left the map out", async () => {
		opens = new Map([["dm-5", 0]]);
		const [map] = await sysfs().kernelMaps();
		expect(map?.openCount).toBeNull();
		expect(map?.users).toHaveLength(1);
	});

	it("is found by the kernel name even when the map's name reads like another device", async () => {
		tree.dm({ minor: 1, name: "dm-0", uuid: "mpath-w2", on: [] });
		tree.mount("254:0", "/srv", "xfs", "/dev/mapper/db-log");
		opens = new Map([
			["dm-0", 1],
			["dm-1", 0],
		]);
		expect((await sysfs().kernelMaps()).map((map) => map.users)).toEqual([["mounted on /srv"], []]);
	});

	it("fills no page: a map under hundreds of LVs lists some of them and says how many more", async () => {
		for (let i = 10; i < 210; i++) tree.dm({ minor: i, name: `vg0-lv${i}`, uuid: `LVM-${i}`, on: ["dm-0"] });
		opens = new Map(Array.from({ length: 210 }, (_, i) => [`dm-${i}`, i === 0 ? 200 : 0]));
		const lines = await users();
		expect(lines).toHaveLength(41);
		expect(lines.at(-1)).toBe("and 160 more");
	});
});

describe("paths", () => {
	it("have the address, state, size and wire of an iSCSI session", async () => {
		twoPathMap();
		const paths = await sysfs().paths(["sda", "sdb", "sdx"]);
		expect(Object.fromEntries(paths)).toEqual({
			sda: {
				hctl: "4:0:0:1",
				deviceState: "running",
				sizeBytes: 1073741824,
				transport: {
					protocol: "iscsi",
					initiator: "192.168.71.10",
					target: "iqn.2026-11.test:tgt",
					portal: "192.168.71.1:3260",
				},
			},
			// Its session has lost the socket: no own address, and the portal is the configured one.
			sdb: {
				hctl: "5:0:0:1",
				deviceState: "transport-offline",
				sizeBytes: 1073741824,
				transport: {
					protocol: "iscsi",
					initiator: null,
					target: "iqn.2026-11.test:tgt",
					portal: "[fd00::1]:3260",
				},
			},
		});
	});

	it("have the ports of Fibre Channel", async () => {
		const port = { hostPort: "0x21000024ff7f35c4", targetPort: "0x500a09838da1b2c3" };
		tree.fc({ dev: "sdc", number: "8:32", hctl: "7:0:3:12", state: "running" }, { rport: "7:0-11", ...port });
		expect((await sysfs().paths(["sdc"])).get("sdc")).toMatchObject({
			hctl: "7:0:3:12",
			transport: { protocol: "fc", initiator: port.hostPort, target: port.targetPort, portal: null },
		});
	});

	it("have the addresses of SAS", async () => {
		const wire = { device: "0:0:1", address: "0x5000c500aabbccdd", hostAddress: "0x500605b00aabbcc0" };
		tree.sas({ dev: "sdd", number: "8:48", hctl: "0:0:1:0" }, wire);
		expect((await sysfs().paths(["sdd"])).get("sdd")).toEqual({
			hctl: "0:0:1:0",
			deviceState: null,
			sizeBytes: 1073741824,
			transport: { protocol: "sas", initiator: wire.hostAddress, target: wire.address, portal: null },
		});
	});

	it("have the controller, address and state of NVMe", async () => {
		tree.nvme(
			{ dev: "nvme1n1", number: "259:1", state: "live" },
			{
				controller: "nvme1",
				transport: "tcp",
				address: "traddr=192.168.71.1,trsvcid=4420,src_addr=192.168.71.10",
				nqn: "nqn.2014-08.org.example:array",
			},
		);
		tree.nvme(
			{ dev: "nvme2n1", number: "259:2", state: "connecting" },
			{
				controller: "nvme2",
				transport: "fc",
				address: "traddr=nn-0x1:pn-0x2,trsvcid=none,host_traddr=nn-0x3:pn-0x4",
				nqn: "n",
			},
		);
		tree.nvme(
			{ dev: "nvme0n1", number: "259:0", state: "live" },
			{ controller: "nvme0", transport: "pcie", address: "0000:00:04.0", nqn: "nqn.local" },
		);
		tree.nvmeHead({ dev: "nvme3n1", number: "259:9" }, { subsystem: "nvme-subsys3", nqn: "nqn.shared" });
		const paths = await sysfs().paths(["nvme1n1", "nvme2n1", "nvme0n1", "nvme3n1"]);
		expect(paths.get("nvme1n1")).toMatchObject({
			hctl: null,
			deviceState: "live",
			transport: {
				protocol: "nvme",
				initiator: "192.168.71.10",
				target: "nqn.2014-08.org.example:array",
				portal: "192.168.71.1:4420",
			},
		});
		expect(paths.get("nvme2n1")?.transport).toMatchObject({
			initiator: "nn-0x3:pn-0x4",
			portal: "nn-0x1:pn-0x2",
		});
		expect(paths.get("nvme0n1")?.transport).toMatchObject({ initiator: null, portal: "0000:00:04.0" });
		expect(paths.get("nvme3n1")).toMatchObject({ deviceState: null, transport: { target: "nqn.shared" } });
	});

	it("take a target's name as text that may be hostile", async () => {
		tree.iscsi(
			{ dev: "sda", number: "8:0", hctl: "4:0:0:1" },
			{ session: 1, target: `iqn.\u001b[31m\u0007"</script>${"x".repeat(400)}` },
		);
		const target = (await sysfs().paths(["sda"])).get("sda")?.transport?.target;
		expect(target).toMatch(/^iqn\.\[31m"<\/script>x+$/);
		expect(target).toHaveLength(255);
	});

	it("that hang when asked for their state are of unknown state, and hide no other path", async () => {
		twoPathMap();
		const state = join(tree.root, "sys/devices/platform/host4/session1/target4:0:0/4:0:0:1/state");
		rmSync(state);
		// Opening a pipe that nobody writes to waits, as a driver's attribute may.
		spawnSync("mkfifo", [state]);
		const asked = sysfs();
		const paths = await asked.paths(["sda", "sdb"]);
		expect(asked.stuckReads()).toEqual([`${tree.root}/sys/block/sda/device/state`]);
		expect(paths.get("sda")).toMatchObject({ deviceState: null, sizeBytes: 1073741824 });
		expect(paths.get("sdb")).toMatchObject({ deviceState: "transport-offline" });
	});
});

describe("candidates", () => {
	it("are disks that multipathd could join and that stand in no map, with what udev knows", async () => {
		twoPathMap();
		tree.iscsi(
			{
				dev: "sdc",
				number: "8:32",
				hctl: "4:0:0:2",
				vendor: "IET",
				model: "VIRTUAL-DISK",
				udev: { ID_SERIAL: "360000000000000000e00000000010002", ID_FS_TYPE: "LVM2_member", ID_WWN: "0x6000" },
			},
			{ session: 1, target: "iqn.2026-11.test:tgt", ip: "192.168.71.10", portal: "192.168.71.1:3260" },
		);
		tree.ata({
			dev: "sdd",
			number: "8:48",
			hctl: "0:0:0:0",
			model: "Samsung SSD",
			udev: { ID_PART_TABLE_TYPE: "gpt" },
		});
		tree.usb({ dev: "sde", number: "8:64", hctl: "9:0:0:0" });
		tree.nvme(
			{ dev: "nvme0n1", number: "259:0", model: "INTEL", udev: { ID_WWN: "eui.0025385b71b0b6a8" } },
			{ controller: "nvme0", transport: "pcie", address: "0000:00:04.0", nqn: "n" },
		);
		tree.virtio({ dev: "vda", number: "254:0", udev: { ID_SERIAL: "x" } });
		tree.dm({ minor: 8, name: "plain", uuid: "", on: [] });
		expect(await sysfs().candidates()).toEqual([
			{
				dev: "sdc",
				wwid: "360000000000000000e00000000010002",
				sizeBytes: 1073741824,
				vendor: "IET",
				product: "VIRTUAL-DISK",
				hctl: "4:0:0:2",
				transport: {
					protocol: "iscsi",
					initiator: "192.168.71.10",
					target: "iqn.2026-11.test:tgt",
					portal: "192.168.71.1:3260",
				},
				carries: "LVM2_member",
			},
			expect.objectContaining({
				dev: "sdd",
				wwid: null,
				product: "Samsung SSD",
				carries: "gpt",
				transport: { protocol: "other", initiator: null, target: null, portal: null },
			}),
			expect.objectContaining({ dev: "sde", transport: expect.objectContaining({ protocol: "usb" }) }),
			expect.objectContaining({
				dev: "nvme0n1",
				wwid: "eui.0025385b71b0b6a8",
				vendor: null,
				product: "INTEL",
			}),
		]);
	});

	it("have no WWID when udev's is one that cannot stand in an allow-list", async () => {
		const names = ["../../etc", "a b", "x".repeat(128), 'x"y', "0QEMU_QEMU_HARDDISK_AB+C.D_E:F_G"];
		for (const [i, name] of names.entries()) {
			tree.ata({
				dev: `sd${"abcde"[i]}`,
				number: `8:${i * 16}`,
				hctl: `${i}:0:0:0`,
				udev: { ID_SERIAL: name },
			});
		}
		expect((await sysfs().candidates()).map((disk) => disk.wwid)).toEqual([null, null, null, null, names[4]]);
	});

	it("of NVMe have the kernel's own id where udev is silent", async () => {
		tree.nvme(
			{ dev: "nvme0n1", number: "259:0" },
			{ controller: "nvme0", transport: "pcie", address: "0000:00:04.0", nqn: "n" },
		);
		tree.put("/sys/devices/pci0000:00/0000:00:04.0/nvme/nvme0/nvme0n1/wwid", "uuid.0f3a1c5e\n");
		expect(await sysfs().candidates()).toMatchObject([{ wwid: "uuid.0f3a1c5e" }]);
	});
});

describe("the rest of device-mapper", () => {
	it("gives the names of all devices that are no maps, partitions of maps among them", async () => {
		twoPathMap();
		tree.dm({ minor: 1, name: "db-log-part1", uuid: `part1-mpath-${wwid}`, on: ["dm-0"] });
		tree.dm({ minor: 2, name: "vg0-root", uuid: "LVM-1", on: [] });
		tree.dm({ minor: 3, name: "by-hand", uuid: "", on: [] });
		expect(await sysfs().foreignDmNames()).toEqual(["db-log-part1", "vg0-root", "by-hand"]);
	});

	it("tells the map under the root file system, through partition and LV", async () => {
		twoPathMap();
		tree.dm({ minor: 1, name: "db-log-part2", uuid: `part2-mpath-${wwid}`, on: ["dm-0"] });
		tree.dm({ minor: 2, name: "vg0-root", uuid: "LVM-1", on: ["dm-1"] });
		tree.mount("254:2", "/", "ext4", "/dev/mapper/vg0-root");
		expect(await sysfs().rootOnMap()).toBe(wwid);
	});

	it("tells the map under a root of btrfs", async () => {
		twoPathMap();
		tree.mount("0:25", "/", "btrfs", "/dev/mapper/db-log");
		expect(await sysfs().rootOnMap()).toBe(wwid);
	});

	it("goes by the topmost mount, and tells no map where root stands beside them", async () => {
		twoPathMap();
		tree.mount("254:0", "/", "ext4", "/dev/mapper/db-log");
		tree.mount("8:50", "/", "ext4", "/dev/sdd2");
		expect(await sysfs().rootOnMap()).toBeNull();
	});

	it("says that it does not know when there is no list of devices or mounts, which is not an empty one", async () => {
		twoPathMap();
		rmSync(join(tree.root, "proc/self/mountinfo"));
		await expect(sysfs().kernelMaps()).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
		rmSync(join(tree.root, "sys/block"), { recursive: true });
		await expect(sysfs().kernelMaps()).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
		await expect(sysfs().candidates()).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
		await expect(sysfs().mapSizes()).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
	});

	it("goes by the mounts of init, not by those of a service with mounts of its own", async () => {
		twoPathMap();
		tree.put("/proc/1/mountinfo", "30 1 254:0 / /srv rw - xfs /dev/mapper/db-log rw\n");
		opens = new Map([["dm-0", 1]]);
		expect(await users()).toEqual(["mounted on /srv"]);
	});

	it("says that it does not know when the kernel does not tell what a device is", async () => {
		twoPathMap();
		const uuid = join(tree.root, "sys/devices/virtual/block/dm-0/dm/uuid");
		rmSync(uuid);
		spawnSync("mkfifo", [uuid]);
		const asked = sysfs().kernelMaps();
		await expect(asked).rejects.toBeInstanceOf(PathkeeperError);
		await expect(asked).rejects.toThrow("reading /sys/block/dm-0/dm/uuid did not finish within 0.4 s");
		await expect(sysfs().mapSizes()).rejects.toMatchObject({ code: "PROCESS_DEADLINE" });
	});
});

describe("the signs that maps are worth asking for", () => {
	const noSigns = async () =>
		new RealSysfs({
			runtime: realRuntime,
			root: tree.root,
			reader: new KernelReader({ runtime: realRuntime }),
			askOpenCounts: () => Promise.reject(new Error("dmsetup was asked")),
			findOpeners: openerSearch({ runtime: realRuntime, root: tree.root }),
		}).signs();

	it("are the same as long as nothing happens", async () => {
		twoPathMap();
		opens = new Map([["dm-0", 1]]);
		expect(await sysfs().signs()).toBe(await sysfs().signs());
	});

	const openedAs = (answer: typeof opens) => {
		opens = answer;
	};
	const happenings: readonly (readonly [string, () => void])[] = [
		["a disk comes", () => tree.virtio({ dev: "vda", number: "253:0" })],
		["a map comes", () => tree.dm({ minor: 1, name: "new", uuid: "mpath-new", on: [] })],
		["a map is mounted", () => tree.mount("254:0", "/srv", "ext4", "/dev/mapper/db-log")],
		["swap space is taken into use", () => tree.swap("/dev/dm-0")],
		["somebody opens a map", () => openedAs(new Map([["dm-0", 2]]))],
		["device-mapper can be asked no more", () => openedAs("dmsetup is not installed")],
	];
	it.each(happenings)("are others when %s", async (_, happen) => {
		twoPathMap();
		opens = new Map([["dm-0", 1]]);
		const before = await sysfs().signs();
		happen();
		expect(await sysfs().signs()).not.toBe(before);
	});

	it("are told without dmsetup where no device-mapper device is", async () => {
		tree.virtio({ dev: "vda", number: "253:0" });
		await expect(noSigns()).resolves.toMatch(/./);
		twoPathMap();
		await expect(noSigns()).rejects.toThrow("dmsetup was asked");
	});
});

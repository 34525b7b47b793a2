import assert from "node:assert/strict";
import { PathkeeperError } from "@pathkeeper/model";
import type { Lvm, VolumeGroup } from "../../src/index.ts";

/** What a check needs of a host with LVM, real or simulated; the checks know nothing of a test runner. */
export interface LvmContractHost {
	readonly lvm: Lvm;
	/** Two devices of equal size, at least 64 MiB, that nobody needs, by stable links or nodes in /dev. */
	readonly devices: readonly [string, string];
	/** Makes both devices empty again, and nothing of them active. */
	clear(): Promise<void>;
	/** Puts a file system's signature on a device, as `blkid` recognises it. */
	format(device: string): Promise<void>;
}

export interface LvmCheck {
	readonly name: string;
	/** True: it makes volumes, which needs device-mapper in the kernel. */
	readonly volumes: boolean;
	run(host: LvmContractHost): Promise<void>;
}

const MiB = 1024 * 1024;
const vg = "pk-contract";

async function refused(work: Promise<unknown>, words: RegExp): Promise<void> {
	try {
		await work;
	} catch (error) {
		if (!(error instanceof PathkeeperError)) throw error;
		assert.match(error.message, words);
		return;
	}
	assert.fail(`it was not refused: ${words}`);
}

async function group(lvm: Lvm, devices: readonly string[]): Promise<VolumeGroup> {
	const [found] = (await lvm.volumeGroups(devices)).filter(({ name }) => name === vg);
	assert.ok(found !== undefined, "the group is there");
	return found;
}

async function names(lvm: Lvm, device: string): Promise<readonly string[]> {
	return (await lvm.logicalVolumes([device], vg)).map(({ name }) => name).sort();
}

export const lvmContract: readonly LvmCheck[] = [
	{
		name: "an empty device carries nothing, is no physical volume, and has no groups",
		volumes: false,
		run: async ({ lvm, devices }) => {
			assert.equal(await lvm.contents(devices[0]), null);
			assert.deepEqual(await lvm.physicalVolumes(devices), []);
			assert.deepEqual(await lvm.volumeGroups(devices), []);
			assert.deepEqual(await lvm.logicalVolumes(devices), []);
		},
	},
	{
		name: "a group is made on an empty device, once",
		volumes: false,
		run: async ({ lvm, devices: [device] }) => {
			await lvm.createGroup(device, vg);
			const made = await group(lvm, [device]);
			assert.equal(made.volumes, 0);
			assert.equal(made.missing, 0);
			assert.equal(made.extentBytes, 4 * MiB);
			assert.equal(made.freeBytes, made.sizeBytes);
			assert.ok(made.sizeBytes >= 56 * MiB);
			const [pv] = await lvm.physicalVolumes([device]);
			assert.equal(pv?.vg, vg);
			assert.equal(pv?.duplicate, false);
			assert.equal(pv?.missing, false);
			assert.ok((pv?.metadata?.freeBytes ?? 0) > 0);
			assert.equal(await lvm.contents(device), "LVM2_member");
			await refused(lvm.createGroup(device, vg), /^vgcreate .* failed: .*already/);
			await refused(lvm.createGroup(device, "pk-other"), /^vgcreate .* failed: .*already/);
		},
	},
	{
		name: "LVM sees no device but those named",
		volumes: false,
		run: async ({ lvm, devices: [first, second] }) => {
			await lvm.createGroup(first, vg);
			assert.deepEqual(await lvm.volumeGroups([second]), []);
			assert.deepEqual(await lvm.physicalVolumes([second]), []);
			assert.deepEqual(
				(await lvm.volumeGroups([first, second])).map(({ name }) => name),
				[vg],
			);
			await refused(lvm.volumeGroups([]), /without devices/);
		},
	},
	{
		name: "LVM finds a physical volume by itself once, wherever it may look",
		volumes: false,
		run: async ({ lvm, devices: [first] }) => {
			const own = async () => (await lvm.ownPhysicalVolumes()).filter((volume) => volume.vg === vg);
			assert.deepEqual(await own(), []);
			await lvm.createGroup(first, vg);
			const [asked] = await lvm.physicalVolumes([first]);
			assert.deepEqual(await own(), [asked]);
		},
	},
	{
		name: "a group is told with its volumes by one look, and with none when it has none",
		volumes: false,
		run: async ({ lvm, devices }) => {
			const [first, second] = devices;
			assert.deepEqual(await lvm.groupsNamed([first], vg), []);
			await lvm.createGroup(first, vg);
			assert.deepEqual(await lvm.groupsNamed([first], vg), [
				{ group: await group(lvm, [first]), volumes: [] },
			]);
			await lvm.createGroup(second, vg);
			assert.equal((await lvm.groupsNamed(devices, vg)).length, 2);
			assert.deepEqual(await lvm.groupsNamed(devices, "pk-none"), []);
		},
	},
	{
		name: "a group with volumes is told as both are told alone, and a second one of its name beside it",
		volumes: true,
		run: async ({ lvm, devices }) => {
			const [first, second] = devices;
			await lvm.createGroup(first, vg);
			for (const name of ["a", "b"])
				await lvm.createVolume([first], { vg, name, sizeBytes: 4 * MiB, tags: ["t"] });
			const expected = {
				group: await group(lvm, [first]),
				volumes: await lvm.logicalVolumes([first], vg),
			};
			assert.equal(expected.volumes.length, 2);
			assert.deepEqual(await lvm.groupsNamed([first], vg), [expected]);
			await refused(lvm.createGroup(second, vg), /^vgcreate .* failed: .*already exists in filesystem/);
			for (const { name } of expected.volumes) await lvm.deactivateVolume([first], { vg, name });
			await lvm.createGroup(second, vg);
			const uuids = (await lvm.groupsNamed(devices, vg)).map((found) => found.group.uuid);
			assert.equal(new Set(uuids).size, 2);
			for (const { name } of expected.volumes) await lvm.removeVolume([first], { vg, name });
		},
	},
	{
		name: "two groups of one name are both told",
		volumes: false,
		run: async ({ lvm, devices: [first, second] }) => {
			await lvm.createGroup(first, vg);
			await lvm.createGroup(second, vg);
			const both = await lvm.volumeGroups([first, second]);
			assert.deepEqual(
				both.map(({ name }) => name),
				[vg, vg],
			);
			assert.notEqual(both[0]?.uuid, both[1]?.uuid);
		},
	},
	{
		name: "a device that carries a file system is never overwritten",
		volumes: false,
		run: async ({ lvm, devices: [device], format }) => {
			await format(device);
			assert.equal(await lvm.contents(device), "ext4");
			await refused(lvm.createGroup(device, vg), /^pvcreate .* failed: .*signature left on the device/);
			assert.equal(await lvm.contents(device), "ext4");
			assert.deepEqual(await lvm.physicalVolumes([device]), []);
		},
	},
	{
		name: "hostile names reach no program",
		volumes: false,
		run: async ({ lvm, devices: [device] }) => {
			for (const name of ["", "-ay", "a b", "a/b", "a\n", "../x", 'a" || vg_name!="', "é", "a".repeat(200)]) {
				await refused(lvm.createGroup(device, name), /is not a name for LVM/);
				await refused(lvm.removeVolume([device], { vg, name }), /is not a name for LVM/);
				await refused(lvm.logicalVolumes([device], name), /is not a name for LVM/);
			}
			for (const odd of ["sda", "--yes", "/dev/../etc/passwd", "/dev/a,/dev/sda", "/dev/x\n", "/etc/passwd"])
				await refused(lvm.volumeGroups([odd]), /is not a device for LVM/);
			const tagged = { vg, name: "a", sizeBytes: MiB, tags: ["-x"] };
			await refused(lvm.createVolume([device], tagged), /is not a tag for LVM/);
			const sizeless = { vg, name: "a", sizeBytes: Number.NaN, tags: [] };
			await refused(lvm.createVolume([device], sizeless), /is not the size of a volume/);
		},
	},
	{
		name: "a group or volume that is not there is told in LVM's words",
		volumes: false,
		run: async ({ lvm, devices: [device] }) => {
			await lvm.createGroup(device, vg);
			assert.deepEqual(await lvm.logicalVolumes([device], "pk-none"), []);
			await refused(
				lvm.removeVolume([device], { vg: "pk-none", name: "a" }),
				/lvremove .*"pk-none" not found/,
			);
			await refused(lvm.removeVolume([device], { vg, name: "none" }), /lvremove .*Failed to find .*none/);
			await refused(lvm.renameVolume([device], { vg, name: "none" }, "b"), /lvrename .*"none" not found/);
			await refused(lvm.extendVolume([device], { vg, name: "none" }, 8 * MiB), /lvextend .* failed/);
		},
	},
	{
		name: "a volume is made, grown, renamed and removed",
		volumes: true,
		run: async ({ lvm, devices: [device] }) => {
			await lvm.createGroup(device, vg);
			const before = await group(lvm, [device]);
			const tags = ["pve-vm-100"];
			await lvm.createVolume([device], { vg, name: "vm-100-disk-0", sizeBytes: 5 * MiB, tags });
			const [made] = await lvm.logicalVolumes([device], vg);
			assert.equal(made?.name, "vm-100-disk-0");
			assert.equal(made?.sizeBytes, 8 * MiB);
			assert.deepEqual(made?.tags, tags);
			assert.equal(made?.active, true);
			assert.ok((made?.createdAtS ?? 0) > 0);
			assert.equal((await group(lvm, [device])).freeBytes, before.freeBytes - 8 * MiB);

			const volume = { vg, name: "vm-100-disk-0" };
			await lvm.extendVolume([device], volume, 12 * MiB);
			assert.equal((await lvm.logicalVolumes([device], vg))[0]?.sizeBytes, 12 * MiB);
			await lvm.renameVolume([device], volume, "del-vm-100-disk-0");
			assert.deepEqual(await names(lvm, device), ["del-vm-100-disk-0"]);
			await lvm.removeVolume([device], { vg, name: "del-vm-100-disk-0" });
			assert.deepEqual(await names(lvm, device), []);
			assert.equal((await group(lvm, [device])).freeBytes, before.freeBytes);
		},
	},
	{
		name: "a volume that does not fit, or is there, is refused and changes nothing",
		volumes: true,
		run: async ({ lvm, devices: [device] }) => {
			await lvm.createGroup(device, vg);
			const volume = { vg, name: "a", sizeBytes: 4 * MiB, tags: [] };
			await lvm.createVolume([device], volume);
			await refused(lvm.createVolume([device], volume), /lvcreate .*already exists/);
			const large = { ...volume, name: "b", sizeBytes: 1024 * MiB };
			await refused(lvm.createVolume([device], large), /lvcreate .*insufficient free space/i);
			await refused(lvm.extendVolume([device], volume, 1024 * MiB), /lvextend .*insufficient free space/i);
			await refused(
				lvm.extendVolume([device], volume, 4 * MiB),
				/lvextend .*(?:matches existing size|No size change)/,
			);
			assert.deepEqual(await names(lvm, device), ["a"]);
		},
	},
	{
		name: "a volume is active until it is not",
		volumes: true,
		run: async ({ lvm, devices: [device] }) => {
			await lvm.createGroup(device, vg);
			const volume = { vg, name: "a" };
			const isActive = async () => (await lvm.logicalVolumes([device], vg))[0]?.active;
			await lvm.createVolume([device], { ...volume, sizeBytes: 4 * MiB, tags: [] });
			await lvm.deactivateVolume([device], volume);
			assert.equal(await isActive(), false);
			await lvm.deactivateVolume([device], volume);
			await lvm.activateVolume([device], volume);
			await lvm.activateVolume([device], volume);
			assert.equal(await isActive(), true);
			await lvm.zero(volume, { offset: 0, length: 4 * MiB, step: MiB });
			await lvm.deactivateVolume([device], volume);
			assert.equal(await isActive(), false);
			await refused(lvm.zero(volume, { offset: 0, length: 4 * MiB, step: MiB }), /^blkdiscard .* failed/);
		},
	},
];

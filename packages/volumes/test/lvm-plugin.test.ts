import { type LunContent, lunContents } from "@pathkeeper/simulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
	activateVolumes,
	allocVolume,
	deactivateVolumes,
	freeVolume,
	listContent,
	prepareStorage,
	renameVolume,
	resizeVolume,
	storageInfo,
	volumeFacts,
	volumeUsers,
} from "../src/index.ts";
import {
	empty,
	formatted,
	MiB,
	onLun,
	type SimulatedFleet,
	simulatedFleet,
	taken,
} from "./simulated-fleet.ts";

const image = (guest: number, name: string | null = null) =>
	({ guest, name, format: "raw", sizeBytes: 8 * MiB }) as const;

describe("a volume group on a LUN", () => {
	let fleet: SimulatedFleet;
	beforeEach(async () => {
		fleet = await simulatedFleet(3);
	});
	afterEach(() => fleet[Symbol.asyncDispose]());

	/** Adds the storage on the first node. */
	async function prepared(text = onLun(empty)): Promise<string> {
		const call = fleet.call(0, text);
		await prepareStorage(call, call.storage("data"));
		return text;
	}
	const names = async (node: number, text: string) => {
		const call = fleet.call(node, text);
		return (await listContent(call, call.storage("data"))).map(({ volname }) => volname);
	};

	it("is made once on an empty LUN and is there on every node", async () => {
		const text = await prepared();
		await prepared();
		for (const node of [0, 1, 2]) {
			const info = await storageInfo(fleet.call(node, text));
			expect(info.map(({ storage, active }) => `${storage.id} ${active}`)).toEqual(["san true", "data true"]);
			expect(info[1]).toMatchObject({ totalBytes: 255 * 4 * MiB, usedBytes: 0, problem: null });
		}
	});

	it("is never made on what carries something", async () => {
		const before = structuredClone([...lunContents(fleet.san)]);
		await expect(prepared(onLun(formatted))).rejects.toThrow(
			`no volume group was created on '/dev/disk/by-id/dm-uuid-mpath-${formatted}', because it contains ext4`,
		);
		await expect(prepared(onLun(taken))).rejects.toThrow("because it contains volume group 'vg-lun2'");
		expect([...lunContents(fleet.san)]).toEqual(before);
	});

	it("is never made on what somebody uses, though it looks empty", async () => {
		const letGo = fleet.hosts[0]?.kernel.map(empty)?.hold({ kind: "open", words: "held open by kvm" });
		await expect(prepared()).rejects.toThrow("because it contains what is in use (held open by kvm)");
		expect(lunContents(fleet.san).has(empty)).toBe(false);
		letGo?.();
		await prepared();
	});

	it("gets no name that a group of the node has", async () => {
		const call = fleet.call(0, `multipath: san\n\nlvm: data\n\tvgname vg-lun2\n\tbase san:${empty}\n`);
		await expect(prepareStorage(call, call.storage("data"))).rejects.toThrow(
			`node 'n1' has a volume group 'vg-lun2' already (vg-${taken}), on another device; choose another name`,
		);
		expect(lunContents(fleet.san).has(empty)).toBe(false);
	});

	it("without a base has to be there", async () => {
		const call = fleet.call(0, "lvm: own\n\tvgname vgown\n\nlvm: theirs\n\tvgname vg-lun2\n");
		await expect(prepareStorage(call, call.storage("own"))).rejects.toThrow("no such volume group 'vgown'");
		await prepareStorage(call, call.storage("theirs"));
		expect((await storageInfo(call))[1]).toMatchObject({ active: true });
	});

	it("waits for the map of its base, and is inactive where there is none", async () => {
		const text = await prepared();
		await fleet.hosts[1]?.daemon.answer(`del map ${empty}`);
		const [san, data] = await storageInfo(fleet.call(1, text));
		expect(san).toMatchObject({ active: true });
		expect(data).toMatchObject({ active: false });
		expect(data?.problem).toBe(
			`multipath map for WWID '${empty}' is not present - is it in the multipath allow-list and are its paths up?`,
		);
		expect((await storageInfo(fleet.call(0, text)))[1]).toMatchObject({ active: true });
	});

	it("keeps all volumes that three nodes make at once", async () => {
		const text = await prepared();
		const made = await Promise.all(
			[0, 1, 2].map((node) => {
				const call = fleet.call(node, text);
				return allocVolume(call, call.storage("data"), image(100 + node));
			}),
		);
		expect(made).toEqual(["data:vm-100-disk-0", "data:vm-101-disk-0", "data:vm-102-disk-0"]);
		expect(fleet.mostAtOnce()).toBe(1);
		for (const node of [0, 1, 2])
			expect(await names(node, text)).toEqual(["vm-100-disk-0", "vm-101-disk-0", "vm-102-disk-0"]);
	});

	it("keeps them too when nothing says that it is shared, and when two storages stand on it", async () => {
		const lvm = (id: string) => `lvm: ${id}\n\tvgname vgdata\n\tbase san:${empty}\n\n`;
		const text = await prepared(`multipath: san\n\n${lvm("data")}${lvm("more")}`);
		const allocs = [0, 1, 2].flatMap((node) =>
			["data", "more"].map((id, at) => {
				const call = fleet.call(node, text);
				return allocVolume(call, call.storage(id), image(100 + 10 * node + at));
			}),
		);
		expect(await Promise.all(allocs)).toHaveLength(6);
		expect(fleet.mostAtOnce()).toBe(1);
		expect(await names(2, text)).toHaveLength(6);
	});

	it("counts up the names of a guest's disks, and leaves a new volume active nowhere", async () => {
		const text = await prepared();
		const call = fleet.call(0, text);
		const storage = call.storage("data");
		await allocVolume(call, storage, image(100));
		expect(await allocVolume(call, storage, image(100))).toBe("data:vm-100-disk-1");
		expect(await allocVolume(call, storage, image(100, "vm-100-cloudinit"))).toBe("data:vm-100-cloudinit");
		expect(fleet.hosts[0]?.kernel.map(empty)?.users).toEqual([]);
	});

	it("refuses names and sizes that do not fit, in its own words", async () => {
		const text = await prepared();
		const call = fleet.call(0, text);
		const storage = call.storage("data");
		const alloc = (more: object) => allocVolume(call, storage, { ...image(100), ...more });
		await allocVolume(call, storage, image(100, "vm-100-disk-5"));
		await expect(alloc({ name: "vm-101-disk-0" })).rejects.toThrow(
			"illegal name 'vm-101-disk-0' - should be 'vm-100-*'",
		);
		await expect(alloc({ name: "vm-100-disk-5" })).rejects.toThrow("'data:vm-100-disk-5' already exists");
		await expect(alloc({ sizeBytes: 2048 * MiB })).rejects.toThrow(/^not enough free space in volume group/);
		await expect(alloc({ sizeBytes: 0 })).rejects.toThrow("a volume needs a size");
		await expect(alloc({ format: "qcow2" })).rejects.toThrow("does not support format 'qcow2'");
		await expect(alloc({ guest: 99 })).rejects.toThrow("99 is not the number of a guest");
		const none = fleet.call(0, onLun(empty, "\tcontent none\n"));
		await expect(allocVolume(none, none.storage("data"), image(100))).rejects.toThrow(
			"storage 'data' is not configured for content type 'images'",
		);
	});

	it("holds the LUN while a volume is active, and lets go of it", async () => {
		const text = await prepared();
		const call = fleet.call(0, text);
		const volid = await allocVolume(call, call.storage("data"), image(100));
		await activateVolumes(fleet.call(1, text), [volid]);
		const users = () => fleet.hosts[1]?.kernel.map(empty)?.users.map(({ words }) => words);
		expect(users()).toEqual(["LV vgdata/vm-100-disk-0 active"]);
		expect((await volumeFacts(fleet.call(1, text), volid)).path).toBe("/dev/vgdata/vm-100-disk-0");
		await deactivateVolumes(fleet.call(1, text), [volid]);
		expect(users()).toEqual([]);
	});

	it("says on each node whether a volume is active there, however many others are", async () => {
		const text = await prepared();
		const call = fleet.call(0, text);
		const volid = await allocVolume(call, call.storage("data"), image(100));
		const users = (node: number) => volumeUsers(fleet.call(node, text), volid);
		const kernel = fleet.hosts[1]?.kernel;
		for (let at = 0; at < 50; at++)
			kernel?.map(empty)?.hold({ kind: "lv", words: `LV other/lv${at} active` });
		expect(await users(1)).toEqual([]);
		await activateVolumes(fleet.call(1, text), [volid]);
		expect(await users(1)).toEqual(["it is active there"]);
		expect(await users(2)).toEqual([]);
	});

	it("does not take a LUN that a node cannot look at for an unused one", async () => {
		const text = await prepared();
		const call = fleet.call(0, text);
		const volid = await allocVolume(call, call.storage("data"), image(100));
		const users = (node: number) => volumeUsers(fleet.call(node, text), volid);
		await activateVolumes(fleet.call(1, text), [volid]);
		await fleet.hosts[2]?.daemon.answer(`del map ${empty}`);
		await expect(users(2)).rejects.toThrow(`paths of LUN ${empty} are in no map: `);
		fleet.hosts[1]?.kernel.map(empty)?.queueIfNoPath(false);
		for (const port of ["p0", "p1"]) fleet.san.failPort(port);
		await expect(users(1)).rejects.toThrow(
			`no volume was found on LUN ${empty}, which is in use: LV vgdata/vm-100-disk-0 active`,
		);
	});

	it("grows and renames volumes", async () => {
		const text = await prepared();
		const call = fleet.call(0, text);
		const volid = await allocVolume(call, call.storage("data"), image(100));
		await resizeVolume(fleet.call(1, text), volid, 9 * MiB);
		expect((await volumeFacts(fleet.call(0, text), volid)).sizeBytes).toBe(12 * MiB);
		await resizeVolume(fleet.call(1, text), volid, 12 * MiB);
		await expect(resizeVolume(call, volid, 4 * MiB)).rejects.toThrow("cannot be made smaller");
		expect(await renameVolume(call, volid, "vm-101-disk-3")).toBe("data:vm-101-disk-3");
		await expect(renameVolume(call, "data:vm-101-disk-3", "-x")).rejects.toThrow("illegal name '-x'");
		await expect(freeVolume(call, volid)).rejects.toThrow(`volume '${volid}' does not exist`);
		expect(await names(2, text)).toEqual(["vm-101-disk-3"]);
	});

	it("changes no volume that is not a guest's", async () => {
		const text = await prepared();
		const tagged = onLun(empty, "\ttagged_only 1\n");
		const lvm = fleet.hosts[0]?.lvm;
		const device = `/dev/disk/by-id/dm-uuid-mpath-${empty}`;
		const make = (name: string) =>
			lvm?.createVolume([device], { vg: "vgdata", name, sizeBytes: 8 * MiB, tags: [] });
		for (const name of ["root", "del-root", "vm-100-disk-0"]) await make(name);
		const before = structuredClone(lunContents(fleet.san).get(empty));
		const left = /is not a volume of a guest and was not changed$/;
		for (const volid of ["data:root", "data:del-root"]) {
			await expect(freeVolume(fleet.call(0, text), volid)).rejects.toThrow(left);
			await expect(renameVolume(fleet.call(0, text), volid, "vm-100-disk-1")).rejects.toThrow(left);
			await expect(resizeVolume(fleet.call(0, text), volid, 64 * MiB)).rejects.toThrow(left);
		}
		const untagged = "data:vm-100-disk-0";
		await expect(freeVolume(fleet.call(0, tagged), untagged)).rejects.toThrow(left);
		await expect(renameVolume(fleet.call(0, text), untagged, "root2")).rejects.toThrow(
			"illegal name 'root2' - should be 'vm-GUEST-*'",
		);
		expect(lunContents(fleet.san).get(empty)).toEqual(before);
		await freeVolume(fleet.call(0, text), untagged);
		const call = fleet.call(0, tagged);
		const volid = await allocVolume(call, call.storage("data"), image(101));
		await expect(renameVolume(call, volid, "vm-102-disk-0")).rejects.toThrow("is tagged for guest 101");
		await freeVolume(call, await renameVolume(call, volid, "vm-101-disk-7"));
	});

	it("ends the erasing of a volume that was cut short, and keeps every part of another", async () => {
		const text = await prepared();
		const device = `/dev/disk/by-id/dm-uuid-mpath-${empty}`;
		const half = { vg: "vgdata", name: "del-vm-100-disk-0", sizeBytes: 8 * MiB, tags: ["pve-vm-100"] };
		const [host] = fleet.hosts;
		if (host === undefined) throw new Error("no node");
		await host.lvm.createVolume([device], half);
		expect(await names(1, text)).toEqual(["del-vm-100-disk-0"]);
		const another = fleet.call(1, text);
		expect(await listContent(another, another.storage("data"), 100)).toMatchObject([{ guest: 100 }]);
		await freeVolume(fleet.call(0, text), "data:del-vm-100-disk-0");
		await host.lvm.createVolume([device], { ...half, name: "vm-100-pool" });
		const pool: typeof host.lvm.logicalVolumes = async (...args) =>
			(await host.lvm.logicalVolumes(...args)).map((volume) => ({ ...volume, attributes: "twi-a-tz--" }));
		const lvm = new Proxy(host.lvm, {
			get: (target, name) => {
				const member: unknown = Reflect.get(target, name, target);
				if (name === "logicalVolumes") return pool;
				return typeof member === "function" ? member.bind(target) : member;
			},
		});
		const call = fleet.call(0, text);
		await expect(freeVolume({ ...call, host: { ...host, lvm } }, "data:vm-100-pool")).rejects.toThrow(
			"'data:vm-100-pool' is not a volume of a guest and was not changed",
		);
	});

	it("erases a volume before it goes, under another name and without the lock", async () => {
		const text = await prepared(onLun(empty, "\tsaferemove 1\n"));
		const call = fleet.call(0, text);
		const volid = await allocVolume(call, call.storage("data"), image(100));
		await freeVolume(call, volid);
		expect(call.shares.at(-1)).toBe(1);
		expect(call.lines.at(-1)).toBe("volume 'data:vm-100-disk-0' erased and removed");
		expect(await names(1, text)).toEqual([]);
		expect((await storageInfo(fleet.call(1, text)))[1]?.usedBytes).toBe(0);
		expect(fleet.hosts[0]?.kernel.map(empty)?.users).toEqual([]);
	});

	it("stops every change when there are two groups of its name", async () => {
		const copy = (wwid: string): LunContent => ({
			lvm: { pvUuid: `pv-${wwid}`, vg: { name: "vgtwin", uuid: `vg-${wwid}`, volumes: [] } },
		});
		lunContents(fleet.san).set(empty, copy(empty)).set(formatted, copy(formatted));
		const call = fleet.call(0, "lvm: twin\n\tvgname vgtwin\n");
		const [info] = await storageInfo(call);
		expect(info?.active).toBe(false);
		expect(info?.problem).toMatch(/^there are 2 volume groups 'vgtwin'/);
		await expect(
			allocVolume(fleet.call(0, "lvm: twin\n\tvgname vgtwin\n"), call.storage("twin"), image(100)),
		).rejects.toThrow("there are 2 volume groups 'vgtwin'");
	});

	it("that hangs costs no other storage anything but its own answer", async () => {
		const text = await prepared(`${onLun(empty)}\nlvm: theirs\n\tvgname vg-lun2\n\tbase san:${taken}\n`);
		fleet.hosts[0]?.kernel.map(taken)?.suspend(true);
		const info = await storageInfo(fleet.call(0, text));
		expect(info.map(({ storage, active }) => `${storage.id} ${active}`)).toEqual([
			"san true",
			"data true",
			"theirs false",
		]);
		expect(info[2]?.problem).toMatch(/lvm did not finish within 15 s/);
	});

	it("on a base that stands on itself is told so", async () => {
		const text =
			"multipath: san\n\tdisable\n\nlvm: aa\n\tvgname vga\n\tbase bb:vm-1\n\nlvm: bb\n\tvgname vgb\n\tbase aa:vm-1\n";
		const info = await storageInfo(fleet.call(0, text));
		expect(info.map(({ active }) => active)).toEqual([false, false, false]);
		expect(info[1]?.problem).toBe("storage 'aa' is not online: it is built on itself (aa on bb on aa)");
	});
});

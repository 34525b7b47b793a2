import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
	activateVolumes,
	allocVolume,
	deactivateVolumes,
	freeVolume,
	listContent,
	renameVolume,
	resizeVolume,
	storageInfo,
	volumeFacts,
} from "../src/index.ts";
import { empty, formatted, GiB, type SimulatedFleet, simulatedFleet, taken } from "./simulated-fleet.ts";

const text = "multipath: san\n";

describe("a storage of LUNs", () => {
	let fleet: SimulatedFleet;
	beforeAll(async () => {
		fleet = await simulatedFleet();
	});
	afterAll(() => fleet[Symbol.asyncDispose]());

	it("lists every map by WWID, with its size in bytes, and none for a guest", async () => {
		const call = fleet.call(0, text);
		const volumes = await listContent(call, call.storage("san"));
		expect(volumes.map(({ volname, sizeBytes, guest }) => [volname, sizeBytes, guest])).toEqual([
			[empty, GiB, null],
			[formatted, GiB, null],
			[taken, GiB, null],
		]);
		expect(await listContent(call, call.storage("san"), 100)).toEqual([]);
	});

	it("is active while multipathd answers, and has no space of its own", async () => {
		expect(await storageInfo(fleet.call(0, text))).toMatchObject([
			{ enabled: true, active: true, totalBytes: 0, usedBytes: 0, availableBytes: 0, problem: null },
		]);
		const [host] = fleet.hosts;
		await host?.daemon.stop();
		try {
			const [info] = await storageInfo(fleet.call(0, text));
			expect(info).toMatchObject({ active: false });
			expect(info?.problem).toMatch(/^storage 'san' is not online: multipathd is not running/);
		} finally {
			await host?.daemon.start();
		}
	});

	it("is not told to be offline by a call that was ended", async () => {
		const signal = AbortSignal.abort(new Error("cancelled by jane"));
		const call = { ...fleet.call(0, text), signal };
		const [storage] = call.config.storages;
		if (storage === undefined) throw new Error("no storage");
		await expect(listContent(call, storage)).rejects.toThrow(/^cancelled by jane$/);
	});

	it("is not active where it is disabled or not meant to be", async () => {
		const [info] = await storageInfo(fleet.call(0, "multipath: san\n\tnodes n7\n"));
		expect(info).toMatchObject({ enabled: false, active: false, problem: null });
		const call = fleet.call(0, "multipath: san\n\tdisable\n");
		await expect(listContent(call, call.storage("san"))).rejects.toThrow(
			"storage 'san' is not available on node 'n1'",
		);
	});

	it("gives a volume the stable path of its map", async () => {
		expect(await volumeFacts(fleet.call(0, text), `san:${empty}`)).toEqual({
			path: `/dev/disk/by-id/dm-uuid-mpath-${empty}`,
			sizeBytes: GiB,
			format: "raw",
			used: GiB,
		});
	});

	it("waits for a map, and says what to look at when it does not come", async () => {
		const call = fleet.call(0, text);
		await activateVolumes(call, [`san:${empty}`]);
		await deactivateVolumes(call, [`san:${empty}`]);
		await expect(activateVolumes(call, ["san:3600999"])).rejects.toThrow(
			"multipath map for WWID '3600999' is not present - is it in the multipath allow-list and are its paths up?",
		);
	});

	it("refuses what LUNs cannot do, each in its own words", async () => {
		const call = fleet.call(0, text);
		const volid = `san:${empty}`;
		const image = { guest: 100, name: null, format: "raw", sizeBytes: GiB } as const;
		await expect(allocVolume(call, call.storage("san"), image)).rejects.toThrow(
			"can't allocate space in multipath storage",
		);
		await expect(freeVolume(call, volid)).rejects.toThrow("can't free space in multipath storage");
		await expect(resizeVolume(call, volid, 2 * GiB)).rejects.toThrow(
			"volume resize is not possible on multipath storage",
		);
		await expect(renameVolume(call, volid, "x1")).rejects.toThrow(
			"renaming a volume is not possible on multipath storage",
		);
	});

	it("takes only a WWID for a volume", async () => {
		for (const volname of ["../sda", "-a", "defaults", "a/b", "360 1"])
			await expect(volumeFacts(fleet.call(0, text), `san:${volname}`)).rejects.toThrow(
				/^unable to parse (multipath|any) volume name /,
			);
	});
});

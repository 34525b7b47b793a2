import type { Lvm } from "@pathkeeper/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
	allocVolume,
	freeVolume,
	prepareStorage,
	renameVolume,
	resizeVolume,
	type StorageCall,
} from "../src/index.ts";
import { empty, MiB, onLun, type SimulatedFleet, simulatedFleet } from "./simulated-fleet.ts";

const image = (guest: number) => ({ guest, name: null, format: "raw", sizeBytes: 8 * MiB }) as const;
const changes = ["createGroup", "createVolume", "removeVolume", "renameVolume", "extendVolume"];

describe("a lock that is lost while the group is looked at", () => {
	let fleet: SimulatedFleet;
	beforeEach(async () => {
		fleet = await simulatedFleet();
	});
	afterEach(() => fleet[Symbol.asyncDispose]());

	/** A call whose lock is lost at the end of the last look before a change; what is changed after that. */
	function losing(text: string, look: "groupsNamed" | "logicalVolumes", after = 1) {
		const call = fleet.call(0, text);
		const stop = new AbortController();
		const done: string[] = [];
		let looks = 0;
		const lvm: Lvm = new Proxy(call.host.lvm, {
			get(target, name) {
				const found: unknown = Reflect.get(target, name, target);
				if (typeof found !== "function") return found;
				return async (...args: unknown[]) => {
					if (changes.includes(String(name))) done.push(String(name));
					const result: unknown = await Reflect.apply(found, target, args);
					if (name === look && ++looks === after) stop.abort(new Error("lock lost"));
					return result;
				};
			},
		});
		const host = new Proxy(call.host, {
			get: (target, name): unknown => (name === "lvm" ? lvm : Reflect.get(target, name, target)),
		});
		const lost: StorageCall = { ...call, host, signal: stop.signal };
		return { call: lost, done, storage: call.storage("data") };
	}

	it("lets no change begin", async () => {
		const text = onLun(empty);
		const call = fleet.call(0, text);
		await prepareStorage(call, call.storage("data"));
		const volume = await allocVolume(call, call.storage("data"), image(100));

		// The first look is that before the lock.
		const alloc = losing(text, "groupsNamed", 2);
		await expect(allocVolume(alloc.call, alloc.storage, image(101))).rejects.toThrow("lock lost");
		const free = losing(text, "logicalVolumes");
		await expect(freeVolume(free.call, volume)).rejects.toThrow("lock lost");
		const erase = losing(onLun(empty, "\tsaferemove 1\n"), "logicalVolumes");
		await expect(freeVolume(erase.call, volume)).rejects.toThrow("lock lost");
		const resize = losing(text, "logicalVolumes");
		await expect(resizeVolume(resize.call, volume, 64 * MiB)).rejects.toThrow("lock lost");
		const rename = losing(text, "logicalVolumes");
		await expect(renameVolume(rename.call, volume, "vm-100-disk-7")).rejects.toThrow("lock lost");
		expect([alloc, free, erase, resize, rename].flatMap(({ done }) => done)).toEqual([]);
	});
});

import { createHash } from "node:crypto";
import type { Candidate, KernelMap, Runtime, Transport } from "@pathkeeper/model";
import { attribute, BlockDevices, byName, bytesOf } from "./block-devices.ts";
import { type DevicePlace, placeOf } from "./device-place.ts";
import { readDeviceTables, readSignTables } from "./device-tables.ts";
import { deviceText } from "./device-text.ts";
import { type DeviceUses, devicesAbove, openCountOf, unexplainedOpens, usersOf } from "./device-uses.ts";
import { type DmDevice, wwidOf } from "./dm-device.ts";
import type { HostSysfs, PathFacts } from "./host-sysfs.ts";
import type { KernelReader } from "./kernel-reader.ts";
import type { AskOpenCounts } from "./open-counts.ts";
import type { FindOpeners } from "./openers.ts";
import { transportAttributes, transportOf } from "./transport.ts";
import { contentFromUdev, parseUdevRecord, validWwid, wwidFromUdev } from "./udev-record.ts";

export interface RealSysfsOptions {
	/** Where the machine's file tree starts; `/` on a real host. */
	readonly root?: string;
	readonly reader: KernelReader;
	readonly askOpenCounts: AskOpenCounts;
	readonly findOpeners: FindOpeners;
	readonly runtime: Pick<Runtime, "monotonic">;
}

/** One look asks for candidates, names and paths right after the maps; they need not be listed three times. */
const sameLookMs = 2_000;

/** All block devices, by kernel name, and the device-mapper devices among them. */
interface Listing {
	/** Where `/sys/block/DEV` leads. */
	readonly disks: ReadonlyMap<string, string>;
	readonly dmDevices: ReadonlyMap<string, DmDevice>;
}

/** Disks that multipathd could join: its built-in rule blacklists every other kind of name. */
const couldBePath = /^(?:sd[a-z]+|dasd[a-z]+|nvme\d+n\d+)$/;

/** Block devices of a Linux machine from sysfs, procfs, the udev database and device-mapper. */
export class RealSysfs implements HostSysfs {
	readonly #blocks: BlockDevices;
	readonly #options: RealSysfsOptions;
	/** Megabytes on a large host, kept no longer than there is room for them. */
	#last: { readonly at: number; readonly listing: WeakRef<Listing> } | null = null;

	constructor(options: RealSysfsOptions) {
		this.#options = options;
		this.#blocks = new BlockDevices(options.root ?? "/", options.reader);
	}

	async kernelMaps(): Promise<readonly KernelMap[]> {
		const { dmDevices } = await this.#list();
		const maps = [...dmDevices.values()].filter((device) => wwidOf(device) !== null);
		if (maps.length === 0) return [];
		// Asked first: who opens a map between the two looks is then seen as a holder, and who leaves as a stranger.
		const openCounts = await this.#options.askOpenCounts();
		const uses: DeviceUses = { ...(await readDeviceTables(this.#blocks, dmDevices)), openCounts };
		const openers = await this.#options.findOpeners(openDevices(maps, uses));
		return maps.map((map) => ({
			dm: map.dm,
			name: map.name,
			wwid: wwidOf(map) ?? "",
			sizeBytes: map.sizeBytes,
			suspended: map.suspended,
			slaves: map.slaves,
			openCount: openCountOf(map.dm, uses),
			users: usersOf(map, uses, openers),
		}));
	}

	async mapSizes(): Promise<ReadonlyMap<string, number>> {
		return await this.#blocks.mapSizes((await this.#blocks.disks()).keys());
	}

	async candidates(): Promise<readonly Candidate[]> {
		const { disks, dmDevices } = await this.#recentList();
		const maps = [...dmDevices.values()].filter((device) => wwidOf(device) !== null);
		const inMaps = new Set(maps.flatMap((map) => map.slaves));
		const devs = [...disks.keys()]
			.filter((dev) => couldBePath.test(dev) && !inMaps.has(dev))
			.toSorted(byName);
		const places = new Map(devs.map((dev) => [dev, placeOf(disks.get(dev) ?? "")]));
		const own = ["dev", "size", "device/vendor", "device/model", "wwid"];
		const texts = await this.#blocks.texts([
			...devs.flatMap((dev) => own.map((file) => attribute(dev, file))),
			...classFiles(places.values()),
		]);
		const recordFile = (dev: string): string => `/run/udev/data/b${texts.get(attribute(dev, "dev"))}`;
		const records = await this.#blocks.texts(devs.map(recordFile));
		return devs.map((dev) => {
			const place = places.get(dev) ?? placeOf("");
			const read = (file: string): string | undefined => texts.get(attribute(dev, file));
			const record = parseUdevRecord(records.get(recordFile(dev)) ?? "");
			return {
				dev,
				// udev takes an NVMe namespace's id from this very attribute (60-persistent-storage.rules).
				wwid: wwidFromUdev(dev, record) ?? (dev.startsWith("nvme") ? validWwid(read("wwid")) : null),
				sizeBytes: bytesOf(read("size")) ?? 0,
				vendor: deviceText(read("device/vendor"), 64),
				product: deviceText(read("device/model"), 64),
				hctl: place.hctl,
				transport: transportOf(place, (path) => texts.get(`/sys/class/${path}`)),
				carries: contentFromUdev(record),
			};
		});
	}

	async paths(devs: readonly string[]): Promise<ReadonlyMap<string, PathFacts>> {
		if (devs.length === 0) return new Map();
		const { disks } = await this.#recentList();
		const places = new Map<string, DevicePlace>();
		for (const dev of devs) {
			const link = disks.get(dev);
			if (link !== undefined) places.set(dev, placeOf(link));
		}
		const texts = await this.#blocks.texts([
			...[...places.keys()].flatMap((dev) => [attribute(dev, "size"), attribute(dev, "device/state")]),
			...classFiles(places.values()),
		]);
		const transports = new Map<string, Transport>();
		const facts = new Map<string, PathFacts>();
		for (const [dev, place] of places) {
			const wire = transportAttributes(place).join();
			const transport = transports.get(wire) ?? transportOf(place, (path) => texts.get(`/sys/class/${path}`));
			if (wire !== "") transports.set(wire, transport);
			facts.set(dev, {
				hctl: place.hctl,
				deviceState: texts.get(attribute(dev, "device/state")) ?? null,
				sizeBytes: bytesOf(texts.get(attribute(dev, "size"))),
				transport,
			});
		}
		return facts;
	}

	async foreignDmNames(): Promise<readonly string[]> {
		const { dmDevices } = await this.#recentList();
		return [...dmDevices.values()].filter((device) => wwidOf(device) === null).map(({ name }) => name);
	}

	async rootOnMap(): Promise<string | null> {
		const { dmDevices } = await this.#list();
		const maps = [...dmDevices.values()].filter((device) => wwidOf(device) !== null);
		if (maps.length === 0) return null;
		const tables = await readDeviceTables(this.#blocks, dmDevices);
		const { root } = tables;
		if (root === null) return null;
		const below = maps.find(({ dm }) => dm === root || devicesAbove(dm, tables).has(root));
		return below === undefined ? null : wwidOf(below);
	}

	async signs(): Promise<string> {
		const tables = await readSignTables(this.#blocks);
		// A machine without such devices is not asked: it would only load the driver for it.
		const isAsked = tables.some((table) => /\bdm-\d/.test(table));
		const openCounts = isAsked ? await this.#options.askOpenCounts() : new Map<string, number>();
		const counts = typeof openCounts === "string" ? [openCounts] : [...openCounts].map((pair) => pair.join());
		const hash = createHash("sha256");
		for (const text of [counts.toSorted().join("\n"), ...tables]) hash.update(text).update("\0");
		return hash.digest("base64");
	}

	stuckReads(): readonly string[] {
		return this.#options.reader.stuck;
	}

	async #list(): Promise<Listing> {
		const disks = await this.#blocks.disks();
		const dmDevices = await this.#blocks.dmDevices(disks.keys());
		const listing = { disks, dmDevices };
		this.#last = { at: this.#options.runtime.monotonic(), listing: new WeakRef(listing) };
		return listing;
	}

	async #recentList(): Promise<Listing> {
		const last = this.#last;
		const isRecent = last !== null && this.#options.runtime.monotonic() - last.at < sameLookMs;
		return (isRecent ? last.listing.deref() : undefined) ?? (await this.#list());
	}
}

/** The maps, and the devices above them, that are open beyond what devices, mounts and swap explain. */
function openDevices(
	maps: readonly DmDevice[],
	uses: DeviceUses,
): readonly { readonly dm: string; readonly name: string; readonly opens: number }[] {
	const concerned = new Set(maps.flatMap(({ dm }) => [dm, ...devicesAbove(dm, uses)]));
	return [...uses.dmDevices.values()].flatMap((device) => {
		const opens = concerned.has(device.dm) ? unexplainedOpens(device, uses) : 0;
		return opens > 0 ? [{ dm: device.dm, name: device.name, opens }] : [];
	});
}

function classFiles(places: Iterable<DevicePlace>): readonly string[] {
	return [...new Set([...places].flatMap(transportAttributes))].map((path) => `/sys/class/${path}`);
}

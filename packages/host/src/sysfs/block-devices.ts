/**
 * The block devices of this machine, read from sysfs below one root folder. Every name that comes back is a kernel
 * name (`dm-7`, `sdb`), never the base name of a link in /dev/mapper: `holders` and `slaves` speak kernel names,
 * and a map looked up under another name seems to have no users.
 */
import type { OtherDevice } from "./device-uses.ts";
import { type DmDevice, wwidOf } from "./dm-device.ts";
import type { KernelReader, KernelTexts } from "./kernel-reader.ts";

export class BlockDevices {
	readonly #root: string;
	readonly #reader: KernelReader;

	constructor(root: string, reader: KernelReader) {
		this.#root = root === "/" ? "" : root;
		this.#reader = reader;
	}

	/** A path of the host below the root. */
	on(path: string): string {
		return this.#root + path;
	}

	/** Texts of files of the host, by the host's paths; a file that hangs counts as missing and stands in `stuck`. */
	async texts(files: readonly string[]): Promise<KernelTexts> {
		// On the machine itself paths need no copies with another beginning, thousands at each sweep.
		if (this.#root === "") return await this.#reader.texts(files);
		const texts = await this.#reader.texts(files.map((file) => this.on(file)));
		return {
			get: (file) => texts.get(this.on(file)),
			stuck: new Set([...texts.stuck].map((file) => file.slice(this.#root.length))),
		};
	}

	/** Texts of files that must be known: PROCESS_DEADLINE when one hangs, for it must not be taken as missing. */
	async surely(files: readonly string[]): Promise<KernelTexts> {
		const texts = await this.texts(files);
		for (const file of texts.stuck) throw this.#reader.overdue(file);
		return texts;
	}

	/** Names in folders of the host, by the host's paths. */
	async entries(folders: readonly string[]): Promise<(folder: string) => readonly string[]> {
		const entries = await this.#reader.entries(folders.map((folder) => this.on(folder)));
		return (folder) => entries.get(this.on(folder)) ?? [];
	}

	/** Where `/sys/block/DEV` leads, by kernel name: every whole disk of the machine. */
	disks(): Promise<ReadonlyMap<string, string>> {
		return this.#reader.links(this.on("/sys/block"));
	}

	/**
	 * All device-mapper devices. Throws PROCESS_DEADLINE when the kernel does not tell in time what one of them is:
	 * a list that lacks a map would say that the map does not exist.
	 */
	async dmDevices(disks: Iterable<string>): Promise<ReadonlyMap<string, DmDevice>> {
		const names = dmNames(disks);
		const texts = await this.#attributes(names, ["dm/uuid", "dm/name", "dm/suspended", "size", "dev"]);
		const entries = await this.entries(
			names.flatMap((dm) => [attribute(dm, "slaves"), attribute(dm, "holders")]),
		);
		const devices = new Map<string, DmDevice>();
		for (const dm of names) {
			const read = (file: string): string | undefined => texts.get(attribute(dm, file));
			// Without a name it went away after it was listed.
			const name = read("dm/name");
			if (name === undefined) continue;
			devices.set(dm, {
				dm,
				devT: read("dev") ?? null,
				name,
				uuid: read("dm/uuid") ?? "",
				sizeBytes: bytesOf(read("size")) ?? 0,
				suspended: read("dm/suspended") === "1",
				slaves: entries(attribute(dm, "slaves")).toSorted(byName),
				holders: entries(attribute(dm, "holders")).toSorted(byName),
			});
		}
		return devices;
	}

	/** Bytes of every multipath map by WWID, sparing the rest. Throws PROCESS_DEADLINE as `dmDevices` does. */
	async mapSizes(disks: Iterable<string>): Promise<ReadonlyMap<string, number>> {
		const names = dmNames(disks);
		const texts = await this.#attributes(names, ["dm/uuid", "size"]);
		const sizes = new Map<string, number>();
		for (const dm of names) {
			const wwid = wwidOf({ uuid: texts.get(attribute(dm, "dm/uuid")) ?? "" });
			if (wwid !== null) sizes.set(wwid, bytesOf(texts.get(attribute(dm, "size"))) ?? 0);
		}
		return sizes;
	}

	#attributes(names: readonly string[], files: readonly string[]): Promise<KernelTexts> {
		return this.surely(names.flatMap((dm) => files.map((file) => attribute(dm, file))));
	}

	/** The devices of other kinds that stand on dm devices, at any height. */
	async othersAbove(devices: Iterable<DmDevice>): Promise<ReadonlyMap<string, OtherDevice>> {
		const others = new Map<string, OtherDevice>();
		let waiting = foreign(
			[...devices].flatMap((device) => device.holders),
			others,
		);
		while (waiting.length > 0) {
			const inside = await this.entries(waiting.map((dev) => `/sys/block/${dev}`));
			const parts = new Map(waiting.map((dev) => [dev, partsOf(dev, inside(`/sys/block/${dev}`))]));
			const holders = await this.entries(
				[...parts.values()].flat().map((part) => attribute(part, "holders")),
			);
			for (const [dev, own] of parts) {
				others.set(dev, {
					dev,
					parts: own,
					holders: own.flatMap((part) => holders(attribute(part, "holders"))),
				});
			}
			waiting = foreign(
				waiting.flatMap((dev) => others.get(dev)?.holders ?? []),
				others,
			);
		}
		return others;
	}
}

function dmNames(disks: Iterable<string>): readonly string[] {
	return [...disks].filter((name) => /^dm-\d+$/.test(name)).sort(byName);
}

/** A disk and its partitions, as paths below /sys/block: `md0`, `md0/md0p1`. */
function partsOf(dev: string, inside: readonly string[]): readonly string[] {
	return [dev, ...inside.filter((name) => name.startsWith(dev)).map((name) => `${dev}/${name}`)];
}

function foreign(holders: readonly string[], known: ReadonlyMap<string, OtherDevice>): readonly string[] {
	return [...new Set(holders)].filter((dev) => !/^dm-\d+$/.test(dev) && !known.has(dev));
}

/** Path of an attribute of a disk. */
export function attribute(dev: string, file: string): string {
	return `/sys/block/${dev}/${file}`;
}

/** sysfs counts 512-byte sectors whatever the device's own block size; null for text that is no number. */
export function bytesOf(sectors: string | undefined): number | null {
	return sectors !== undefined && /^\d{1,16}$/.test(sectors) ? Number(sectors) * 512 : null;
}

/** Order of kernel names: `sdb` before `sdaa`, `dm-2` before `dm-10`. */
export function byName(a: string, b: string): number {
	return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

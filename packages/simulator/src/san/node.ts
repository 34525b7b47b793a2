import type { UdevEvent } from "@pathkeeper/host";
import type { Clock } from "../clock.ts";
import { diskName, diskNumber } from "./disk-names.ts";
import { type DmListener, DmMap, type DmTable } from "./dm-map.ts";
import { type Condition, conditionOf, type Disk, type Lun, type PathFault, type Session } from "./fabric.ts";
import type { NodePlan } from "./san-plan.ts";

/** What a node tells those who live on it: its daemon first of all. */
export interface NodeListener {
	diskAdded?(disk: Disk): void;
	diskRemoved?(disk: Disk): void;
	/** Its condition may be another one now. */
	diskChanged?(disk: Disk): void;
	/** The kernel failed a path because a read through it failed, or somebody told it to. */
	pathFailed?(map: DmMap, disk: Disk): void;
	udev?(event: UdevEvent): void;
}

/** The kernel of one simulated node: its SCSI disks and its multipath maps. */
export class SimulatedNode {
	readonly name: string;
	readonly plan: NodePlan;
	readonly #clock: Clock;
	readonly #disks = new Map<string, Disk>();
	readonly #indexes = new Map<string, number>();
	readonly #usedIndexes = new Set<number>();
	readonly #maps = new Map<number, DmMap>();
	readonly #byWwid = new Map<string, DmMap>();
	readonly #byName = new Map<string, DmMap>();
	readonly #held = new Map<DmMap, readonly Disk[]>();
	readonly #holders = new Map<string, DmMap>();
	readonly #listeners = new Set<NodeListener>();
	readonly #otherDmNames = new Set<string>();
	readonly sessions: readonly Session[];
	#freeIndex = 0;
	#freeNumber = 0;
	/** Goes up with every disk that comes, goes or changes. */
	revision = 0;

	constructor(plan: NodePlan, sessions: readonly Session[], clock: Clock) {
		this.name = plan.name;
		this.plan = plan;
		this.sessions = sessions;
		this.#clock = clock;
	}

	/** In the order in which udev lists them: by SCSI host, then LUN. */
	get disks(): readonly Disk[] {
		return [...this.#disks.values()].sort(
			(a, b) => a.session.host - b.session.host || a.lun.plan.number - b.lun.plan.number,
		);
	}
	get maps(): readonly DmMap[] {
		return [...this.#maps.values()].sort((a, b) => a.number - b.number);
	}
	get otherDmNames(): readonly string[] {
		return [...this.#otherDmNames];
	}

	disk(dev: string): Disk | undefined {
		return this.#disks.get(dev);
	}
	disksOf(wwid: string): readonly Disk[] {
		return this.disks.filter((disk) => disk.wwid === wwid);
	}
	map(wwid: string): DmMap | undefined {
		return this.#byWwid.get(wwid);
	}
	mapByName(name: string): DmMap | undefined {
		return this.#byName.get(name);
	}
	/** The map that has a disk in its table. */
	holderOf(dev: string): DmMap | undefined {
		return this.#holders.get(dev);
	}
	condition(disk: Disk): Condition {
		return conditionOf(disk, this.name);
	}

	listen(listener: NodeListener): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	/** A new SCSI disk, as found by a bus scan. */
	addDisk(lun: Lun, session: Session): Disk {
		while (this.#usedIndexes.has(this.#freeIndex)) this.#freeIndex++;
		const index = this.#freeIndex;
		this.#usedIndexes.add(index);
		const disk: Disk = {
			dev: diskName(index),
			devT: diskNumber(index),
			hctl: `${session.host}:0:0:${lun.plan.number}`,
			lun,
			session,
			wwid: lun.plan.wwid,
			sizeBytes: lun.sizeBytes,
			fault: null,
		};
		this.#disks.set(disk.dev, disk);
		this.#indexes.set(disk.dev, index);
		this.revision++;
		this.#udev("add", disk.dev, this.#diskProperties(disk));
		for (const listener of this.#listeners) listener.diskAdded?.(disk);
		return disk;
	}

	removeDisk(dev: string): boolean {
		const disk = this.#disks.get(dev);
		if (disk === undefined) return false;
		this.#disks.delete(dev);
		this.#usedIndexes.delete(this.#indexes.get(dev) ?? -1);
		this.#indexes.delete(dev);
		this.#freeIndex = 0;
		this.revision++;
		disk.fault = "offline";
		this.#holders.get(dev)?.serve();
		this.#udev("remove", dev, this.#diskProperties(disk));
		for (const listener of this.#listeners) listener.diskRemoved?.(disk);
		return true;
	}

	setFault(disk: Disk, fault: PathFault | null): void {
		disk.fault = fault;
		this.touch(disk);
	}

	/** To be called after anything changed on the way of a disk. */
	touch(disk: Disk): void {
		if (!this.#disks.has(disk.dev)) return;
		this.revision++;
		this.#holders.get(disk.dev)?.serve();
		for (const listener of this.#listeners) listener.diskChanged?.(disk);
	}

	/** Reads size and identity of a disk again (`echo 1 > device/rescan`). */
	rescanDisk(disk: Disk): void {
		if (!this.condition(disk).carriesIo || disk.sizeBytes === disk.lun.sizeBytes) return;
		disk.sizeBytes = disk.lun.sizeBytes;
		this.revision++;
		this.#udev("change", disk.dev, { ...this.#diskProperties(disk), SDEV_UA: "CAPACITY_DATA_HAS_CHANGED" });
	}

	createMap(map: { name: string; wwid: string; sizeBytes: number; table: DmTable }): DmMap | null {
		if (this.nameTaken(map.name)) return null;
		while (this.#maps.has(this.#freeNumber)) this.#freeNumber++;
		const number = this.#freeNumber;
		const made = new DmMap({ node: this.name, number, listener: this.#dmListener }, map);
		this.#maps.set(number, made);
		this.#byWwid.set(made.wwid, made);
		this.#byName.set(made.name, made);
		this.#holdDisks(made);
		this.revision++;
		this.#udev("add", made.dm, {});
		this.#udev("change", made.dm, this.#mapProperties(made));
		return made;
	}

	/** False when it is open. */
	removeMap(map: DmMap): boolean {
		if (map.openCount > 0) return false;
		this.#maps.delete(map.number);
		this.#freeNumber = 0;
		this.#byWwid.delete(map.wwid);
		this.#byName.delete(map.name);
		this.#releaseDisks(map);
		this.revision++;
		this.#udev("remove", map.dm, this.#mapProperties(map));
		return true;
	}

	/** False when another device-mapper device has the name; then nothing changed. */
	renameMap(map: DmMap, name: string): boolean {
		if (this.nameTaken(name)) return false;
		this.#byName.delete(map.name);
		this.#byName.set(name, map);
		map.rename(name);
		return true;
	}

	/** A device-mapper name can be given once. */
	nameTaken(name: string): boolean {
		return this.#otherDmNames.has(name) || this.mapByName(name) !== undefined;
	}

	/** A device-mapper device that has nothing to do with multipath. */
	addOtherDm(name: string): void {
		this.#otherDmNames.add(name);
	}

	/** Mounts what is on a map; the returned function unmounts it. */
	mount(wwid: string, folder: string): () => void {
		return this.#mapOf(wwid).hold({ kind: "mount", words: `mounted on ${folder}` });
	}

	/** Activates a logical volume (`vg0/data`) on a map; the returned function deactivates it. */
	activateLv(wwid: string, volume: string): () => void {
		const dmName = volume
			.split("/")
			.map((part) => part.replaceAll("-", "--"))
			.join("-");
		this.#otherDmNames.add(dmName);
		const number = 100 + this.#otherDmNames.size;
		const letGo = this.#mapOf(wwid).hold({ kind: "lv", words: `LV ${volume} (dm-${number}) active` });
		return () => {
			this.#otherDmNames.delete(dmName);
			letGo();
		};
	}

	#mapOf(wwid: string): DmMap {
		const map = this.#byWwid.get(wwid);
		if (map === undefined) throw new Error(`node ${this.name} has no map of ${wwid}`);
		return map;
	}

	readonly #dmListener: DmListener = {
		pathFailed: (map, disk) => {
			this.#udev("change", map.dm, this.#pathProperties(map, disk, "PATH_FAILED"));
			for (const listener of this.#listeners) listener.pathFailed?.(map, disk);
		},
		pathReinstated: (map, disk) => {
			this.#udev("change", map.dm, this.#pathProperties(map, disk, "PATH_REINSTATED"));
		},
		changed: (map) => {
			this.#releaseDisks(map);
			this.#holdDisks(map);
			this.#udev("change", map.dm, this.#mapProperties(map));
		},
	};

	#releaseDisks(map: DmMap): void {
		for (const disk of this.#held.get(map) ?? [])
			if (this.#holders.get(disk.dev) === map) this.#holders.delete(disk.dev);
		this.#held.delete(map);
	}

	#holdDisks(map: DmMap): void {
		const { disks } = map;
		this.#held.set(map, disks);
		for (const disk of disks) this.#holders.set(disk.dev, map);
	}

	#udev(action: string, dev: string, properties: Readonly<Record<string, string>>): void {
		if (this.#listeners.size === 0) return;
		const event: UdevEvent = { action, dev, at: this.#clock.now(), properties };
		for (const listener of this.#listeners) listener.udev?.(event);
	}

	#diskProperties(disk: Disk): Record<string, string> {
		return { ID_SERIAL: disk.wwid, ID_VENDOR: disk.lun.array.vendor, ID_MODEL: disk.lun.array.product };
	}

	#mapProperties(map: DmMap): Record<string, string> {
		return {
			DM_NAME: map.name,
			DM_UUID: `mpath-${map.wwid}`,
			DM_SUSPENDED: map.suspended ? "1" : "0",
			MPATH_DEVICE_READY: map.validPaths > 0 ? "1" : "0",
		};
	}

	#pathProperties(map: DmMap, disk: Disk, action: string): Record<string, string> {
		return {
			...this.#mapProperties(map),
			DM_TARGET: "multipath",
			DM_ACTION: action,
			DM_PATH: disk.devT,
			DM_NR_VALID_PATHS: String(map.validPaths),
		};
	}
}

import { conditionOf, type Disk } from "./fabric.ts";

/**
 * A multipath map as one node's kernel holds it: a table of path groups and what the kernel itself learned of the
 * paths. The daemon has its own view, which may differ: that difference is what some of multipathd's faults are made of.
 */

export interface DmTable {
	readonly queueIfNoPath: boolean;
	/** `0`, `1 alua`. */
	readonly hardwareHandler: string;
	readonly selector: string;
	readonly groups: readonly (readonly Disk[])[];
}

/** Who holds a map open. */
export interface DmUser {
	readonly kind: "mount" | "lv" | "open";
	/** In words: `mounted on /srv`, `LV vg0/data (dm-7) active`. */
	readonly words: string;
}

/** Somebody who reads the map all the time, so that a test can say what its users suffered. */
export interface Reader extends DmUser {
	readonly reads: number;
	readonly errors: number;
	/** True while a read waits for a path (`queue_if_no_path`, or the map is suspended). */
	readonly waiting: boolean;
	close(): void;
}

/** What the map tells its node. */
export interface DmListener {
	pathFailed(map: DmMap, disk: Disk): void;
	pathReinstated(map: DmMap, disk: Disk): void;
	/** A table was loaded, or the map was renamed, suspended or resumed. */
	changed(map: DmMap): void;
}

interface KernelPath {
	readonly disk: Disk;
	failed: boolean;
}

interface MutableReader {
	reads: number;
	errors: number;
	waiting: boolean;
}

export class DmMap {
	/** `dm-N`. */
	readonly dm: string;
	readonly number: number;
	readonly wwid: string;
	readonly #node: string;
	readonly #listener: DmListener;
	#name: string;
	#sizeBytes: number;
	#table: DmTable;
	#paths = new Map<string, KernelPath>();
	#activeGroup = 0;
	#suspended = false;
	readonly #users = new Set<DmUser>();
	readonly #readers = new Map<DmUser, MutableReader>();
	/** Goes up with everything that a listing of the map would show. */
	revision = 0;

	constructor(
		place: { readonly node: string; readonly number: number; readonly listener: DmListener },
		map: {
			readonly name: string;
			readonly wwid: string;
			readonly sizeBytes: number;
			readonly table: DmTable;
		},
	) {
		this.#node = place.node;
		this.#listener = place.listener;
		this.number = place.number;
		this.dm = `dm-${place.number}`;
		this.wwid = map.wwid;
		this.#name = map.name;
		this.#sizeBytes = map.sizeBytes;
		this.#table = map.table;
		this.#adopt(map.table);
	}

	get name(): string {
		return this.#name;
	}
	get sizeBytes(): number {
		return this.#sizeBytes;
	}
	get table(): DmTable {
		return this.#table;
	}
	get suspended(): boolean {
		return this.#suspended;
	}
	get users(): readonly DmUser[] {
		return [...this.#users];
	}
	get openCount(): number {
		return this.#users.size;
	}
	/** Index into the table's groups. */
	get activeGroup(): number {
		return this.#activeGroup;
	}
	get disks(): readonly Disk[] {
		return [...this.#paths.values()].map((path) => path.disk);
	}
	get validPaths(): number {
		let count = 0;
		for (const path of this.#paths.values()) if (!path.failed) count++;
		return count;
	}

	/** The kernel's word on a path: `active`, `failed`, or null when the table does not have it. */
	pathState(dev: string): "active" | "failed" | null {
		const path = this.#paths.get(dev);
		return path === undefined ? null : path.failed ? "failed" : "active";
	}

	/** Loads a new table; paths that stay keep what the kernel knows of them. */
	load(table: DmTable, sizeBytes: number): void {
		this.#table = table;
		this.#sizeBytes = sizeBytes;
		this.#adopt(table);
		this.#changed();
	}

	rename(name: string): void {
		this.#name = name;
		this.#changed();
	}

	queueIfNoPath(on: boolean): void {
		if (this.#table.queueIfNoPath === on) return;
		this.#table = { ...this.#table, queueIfNoPath: on };
		this.revision++;
		this.serve();
	}

	suspend(on: boolean): void {
		if (this.#suspended === on) return;
		this.#suspended = on;
		this.#changed();
	}

	switchGroup(index: number): boolean {
		if (this.#table.groups[index] === undefined) return false;
		if (this.#activeGroup !== index) {
			this.#activeGroup = index;
			this.revision++;
		}
		return true;
	}

	failPath(dev: string): void {
		const path = this.#paths.get(dev);
		if (path === undefined || path.failed) return;
		path.failed = true;
		this.revision++;
		this.#listener.pathFailed(this, path.disk);
		this.serve();
	}

	reinstatePath(dev: string): void {
		const path = this.#paths.get(dev);
		if (path === undefined || !path.failed) return;
		path.failed = false;
		this.revision++;
		this.#listener.pathReinstated(this, path.disk);
		this.serve();
	}

	/** Holds the map open until the returned function is called. */
	hold(user: DmUser): () => void {
		this.#users.add(user);
		return () => {
			this.#users.delete(user);
			this.#readers.delete(user);
		};
	}

	/** Opens the map and reads it now and at every change that could matter, until closed. */
	read(words = "read by a program"): Reader {
		const state: MutableReader = { reads: 0, errors: 0, waiting: false };
		const reader: Reader = {
			kind: "open",
			words,
			get reads() {
				return state.reads;
			},
			get errors() {
				return state.errors;
			},
			get waiting() {
				return state.waiting;
			},
			close: () => {
				this.#users.delete(reader);
				this.#readers.delete(reader);
			},
		};
		this.#users.add(reader);
		this.#readers.set(reader, state);
		this.#readOnce(state);
		return reader;
	}

	/** Lets every reader read once more; paths that give no data are failed on the way, as the kernel does. */
	serve(): void {
		for (const state of this.#readers.values()) this.#readOnce(state);
	}

	#readOnce(state: MutableReader): void {
		const outcome = this.#suspended ? "wait" : this.#io();
		state.waiting = outcome === "wait";
		if (outcome === "wait") return;
		state.reads++;
		if (outcome === "error") state.errors++;
	}

	/** One read: the active group first, then the others in order, until a path gives data. */
	#io(): "data" | "error" | "wait" {
		const { groups } = this.#table;
		for (let step = 0; step < groups.length; step++) {
			const index = (this.#activeGroup + step) % groups.length;
			for (const disk of groups[index] ?? []) {
				const path = this.#paths.get(disk.dev);
				if (path === undefined || path.failed) continue;
				if (conditionOf(disk, this.#node).carriesIo) {
					this.switchGroup(index);
					return "data";
				}
				path.failed = true;
				this.revision++;
				this.#listener.pathFailed(this, disk);
			}
		}
		return this.#table.queueIfNoPath ? "wait" : "error";
	}

	#adopt(table: DmTable): void {
		const before = this.#paths;
		this.#paths = new Map();
		for (const group of table.groups)
			for (const disk of group)
				this.#paths.set(disk.dev, { disk, failed: before.get(disk.dev)?.failed ?? false });
		this.#activeGroup = 0;
	}

	#changed(): void {
		this.revision++;
		this.#listener.changed(this);
		this.serve();
	}
}

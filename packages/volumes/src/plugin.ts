/**
 * The contract of a storage plugin: how one type of storage is used on one node.
 *
 * A *storage* is a section of `storage.cfg`; its *type* names its plugin. It holds *volumes*, named `STORAGE:VOLNAME`
 * in the fleet; the plugin alone reads the volname. What Proxmox VE's plugins are asked (pve-storage
 * src/PVE/Storage/Plugin.pm), these are asked under the same names, with these differences:
 *
 * - A plugin has no state. What it learns in one top-level call it asks once (`perCall` in `call.ts`): a listing of twenty storages asks LVM once, and the next listing asks anew.
 * - A method that a storage of this kind cannot do is left out, and the flows (`flows.ts`) refuse it in the words of
 *   `refusals.ts`; so a plugin cannot forget to refuse.
 * - Templates, clones, snapshots, exports and the deactivation of a whole storage are not asked for: nothing here does them.
 * - Plugins do not lock. The flows hold the lock of what the storage stands on (`lockNameOf`) around every method that
 *   is marked *locked*, and nowhere else.
 * - There is no place for secrets: a property in `sensitive` is refused, since `storage.cfg` is read by every node and
 *   shown to whoever may see the storage. A secret belongs into a file on the node that only root reads, named by a
 *   property such as `password-file`. A type with a property that is a secret by its name is not loaded.
 * - Every method may be aborted, and none may wait for ever for a device.
 *
 * Versions: a plugin names the version of this contract that it was written for. `apiver` goes up with every change;
 * one that breaks plugins, also by what a `Host` can do no more, puts `apiage` back to 0, else it goes up too. Plugins of
 * `apiver - apiage` to `apiver` are taken.
 */
import type { Host } from "@pathkeeper/host";
import type { Storage, StorageConfig, StorageType, VolumeFormat } from "@pathkeeper/model";

export const apiver = 2;
export const apiage = 0;

/** What a volname means. */
export interface ParsedVolname {
	readonly kind: "images" | "rootdir" | "vztmpl" | "iso" | "backup" | "snippets";
	readonly name: string;
	/** Guest that owns it; null: nobody in particular. */
	readonly guest: number | null;
	readonly format: VolumeFormat | "file";
}

export interface ListedVolume {
	readonly volname: string;
	readonly kind: ParsedVolname["kind"];
	readonly format: ParsedVolname["format"];
	/** Bytes, exact. */
	readonly sizeBytes: number;
	readonly guest: number | null;
	/** Seconds since the epoch; null when not known. */
	readonly createdAtS: number | null;
}

/** Bytes. A storage that counts no space of its own says 0. */
export interface StorageStatus {
	readonly totalBytes: number;
	readonly availableBytes: number;
	readonly usedBytes: number;
	readonly active: boolean;
}

export const noSpaceOfItsOwn = { totalBytes: 0, availableBytes: 0, usedBytes: 0 } as const;

export interface NewImage {
	/** Guest that it is for. */
	readonly guest: number;
	/** Null: the plugin finds a free one. */
	readonly name: string | null;
	readonly format: VolumeFormat;
	readonly sizeBytes: number;
}

/**
 * One top-level call: what it works on, how it may be ended, and what it learned so far. Plugins reach the host, the
 * configuration and each other only through it.
 */
export interface StorageCall {
	readonly host: Host;
	readonly registry: PluginLookup;
	readonly config: Pick<StorageConfig, "storages">;
	/** Storages that were activated in this call, by id. */
	readonly activated: Map<string, Promise<void>>;
	readonly signal: AbortSignal;
	/** One line for whoever follows the call. */
	readonly log: (line: string) => void;
	/** How far a long piece of work is, 0 to 1. */
	readonly progress: (share: number) => void;
	/** Resolves after so many milliseconds; rejects when the call is aborted. */
	readonly sleep: (ms: number) => Promise<void>;
	/** Monotonic milliseconds. */
	readonly now: () => number;
	/** Runs while nobody else in the fleet, or on this node, changes what the storage stands on (`lockNameOf`). */
	readonly locked: <T>(storage: Storage, work: () => Promise<T>) => Promise<T>;
}

/** Gives the plugin of a storage, by its type. */
export interface PluginLookup {
	/** Throws STORAGE_TYPE_UNKNOWN. */
	pluginOf(storage: { readonly id: string; readonly type: string }): StoragePlugin;
}

export interface StoragePlugin {
	/** Version of this contract that it was written for. */
	readonly api: number;
	readonly definition: StorageType;

	/** Null for what is no volname here. Pure. */
	parseVolname(volname: string): ParsedVolname | null;
	/** Device or file on a node that has the volume active. Pure; `volname` was parsed. */
	path(storage: Storage, volname: string): string;

	/** Volumes that guests use, of one guest when it is named. */
	listImages(call: StorageCall, storage: Storage, guest?: number): Promise<readonly ListedVolume[]>;
	/** All volumes; of a guest when it is named. Absent: the images are all there is. */
	listVolumes?(call: StorageCall, storage: Storage, guest?: number): Promise<readonly ListedVolume[]>;
	status(call: StorageCall, storage: Storage): Promise<StorageStatus>;

	/** Why nothing can be done with it now, in words; null: it is there. Asked before it is activated. */
	checkConnection(call: StorageCall, storage: Storage): Promise<string | null>;
	activateStorage(call: StorageCall, storage: Storage): Promise<void>;
	activateVolume(call: StorageCall, storage: Storage, volname: string): Promise<void>;
	deactivateVolume(call: StorageCall, storage: Storage, volname: string): Promise<void>;
	/** Bytes. Throws VOLUME_ABSENT. */
	volumeSize(call: StorageCall, storage: Storage, volname: string): Promise<number>;

	/** Gives the volname. Locked. */
	allocImage?(call: StorageCall, storage: Storage, image: NewImage): Promise<string>;
	/** Takes a volume's name away, so that nobody uses it any more; what may take long follows in the `Erasure`. Locked. */
	freeImage?(call: StorageCall, storage: Storage, volname: string): Promise<Erasure | null>;
	/** Grows a volume. Locked. */
	volumeResize?(call: StorageCall, storage: Storage, volname: string, sizeBytes: number): Promise<void>;
	/** Locked. Gives the new volname. */
	renameVolume?(call: StorageCall, storage: Storage, volname: string, name: string): Promise<string>;

	/** Whether `onAdd` would write over the volume of the base; true when it is not told. Changes nothing. */
	writesBase?(call: StorageCall, storage: Storage): Promise<boolean>;
	/** Before a storage is added: makes what it stands on. Throws, and then it is not added. Locked. */
	onAdd?(call: StorageCall, storage: Storage): Promise<void>;
}

/** What is left of a freed volume: long work without the lock, then a short end under it. */
export interface Erasure {
	run(): Promise<void>;
	/** Locked. */
	finish(): Promise<void>;
}

/**
 * Work with storages on this node, as tasks ask for it. What comes with a task was written by others: the shape of the
 * argument is checked here, and every name in it again by the plugins.
 */
import type { Host } from "@pathkeeper/host";
import {
	findStorage,
	PathkeeperError,
	readStorageConfig,
	type Storage,
	type VolumeFormat,
	volumeFormats,
} from "@pathkeeper/model";
import {
	activateVolumes,
	allocVolume,
	deactivateVolumes,
	devicesWithoutPaths,
	freeVolume,
	listContent,
	lockNameOf,
	overwritesBase,
	prepareStorage,
	type Registry,
	renameVolume,
	resizeVolume,
	type StorageCall,
	storageInfo,
	volumeFacts,
	volumeUsers,
} from "@pathkeeper/storage";
import { readConfig, type Store, withStorageLock } from "@pathkeeper/store";
import type { Clock } from "../clock.ts";
import { Arguments } from "./arguments.ts";

export interface StorageWorkContext {
	readonly host: Host;
	readonly store: Store;
	readonly registry: Registry;
	readonly clock: Clock;
	readonly signal: AbortSignal;
	/** Names this piece of work to those who wait for its lock. */
	readonly holder: string;
	readonly log: (line: string) => void;
}

type Work = (call: StorageCall, given: Arguments) => Promise<unknown>;

/** What a node does with storages, by the type of task. What each gives is JSON data: the task's result. */
const works: ReadonlyMap<string, Work> = new Map<string, Work>([
	["storagestatus", async (call) => await storageInfo(call)],
	[
		"storagecontent",
		async (call, given) => {
			const storage = storageOf(call, given.text("storage"));
			return await listContent(call, storage, given.numberOr("guest", undefined));
		},
	],
	[
		"storageplan",
		async (call, given) => ({
			overwritesBase: await overwritesBase(call, storageOf(call, given.text("storage"))),
		}),
	],
	[
		"storageprepare",
		async (call, given) => void (await prepareStorage(call, storageOf(call, given.text("storage")))),
	],
	[
		"imgalloc",
		async (call, given) => ({
			volume: await allocVolume(call, storageOf(call, given.text("storage")), {
				guest: given.number("guest"),
				name: given.textOr("name", null),
				format: formatOf(given.text("format")),
				sizeBytes: given.number("sizeBytes"),
			}),
		}),
	],
	["imgdel", async (call, given) => void (await freeVolume(call, given.text("volume")))],
	[
		"imgresize",
		async (call, given) => void (await resizeVolume(call, given.text("volume"), given.number("sizeBytes"))),
	],
	[
		"imgrename",
		async (call, given) => ({ volume: await renameVolume(call, given.text("volume"), given.text("name")) }),
	],
	["imgactivate", async (call, given) => void (await activateVolumes(call, [given.text("volume")]))],
	["imgdeactivate", async (call, given) => void (await deactivateVolumes(call, [given.text("volume")]))],
	["imgguard", async (call, given) => ({ users: await volumeUsers(call, given.text("volume")) })],
	["imgfacts", async (call, given) => await volumeFacts(call, given.text("volume"))],
	[
		"scanlvm",
		async ({ host, signal }) => {
			const devices = await devicesWithoutPaths(host);
			return devices.length === 0 ? [] : await host.lvm.volumeGroups(devices, { signal });
		},
	],
	[
		"scaniscsi",
		async ({ host, signal }, given) => await host.iscsi.discover(given.text("portal"), { signal }),
	],
]);

/** True for a type of task that is done here. */
export function isStorageWork(type: string): boolean {
	return works.has(type);
}

/** Does one piece of work and gives its result; undefined when it has none. */
export async function doStorageWork(
	context: StorageWorkContext,
	type: string,
	argument: unknown,
): Promise<unknown> {
	const work = works.get(type);
	if (work === undefined) throw new PathkeeperError("BUG", { problem: `no storage work '${type}'` });
	const given = new Arguments(argument);
	// A storage that is about to be added does not stand in the document yet.
	const text = given.textOr("config", null) ?? (await readConfig(context.store, "storage.cfg")).text;
	const stop = new AbortController();
	return await work(callOf(context, text, stop), given);
}

function callOf(context: StorageWorkContext, text: string, stop: AbortController): StorageCall {
	const { host, store, registry, clock, holder, log } = context;
	const signal = AbortSignal.any([context.signal, stop.signal]);
	let told = 0;
	return {
		host,
		registry,
		config: readStorageConfig(text, registry.types),
		activated: new Map(),
		signal,
		log,
		progress(share) {
			const percent = Math.floor(share * 100);
			if (percent === told) return;
			told = percent;
			log(`progress ${percent}%`);
		},
		sleep: (ms) => sleepUntil(clock, ms, signal),
		now: () => clock.monotonic(),
		locked: (storage, work) =>
			withStorageLock(
				store,
				storage.id,
				{
					lockName: lockNameOf(storage, host.node),
					holder: `${host.node} (${holder})`,
					signal,
					now: () => clock.monotonic(),
					sleep: (ms, until) => sleepUntil(clock, ms, until),
					onWait: (other) => log(`waiting for storage '${storage.id}', which is being changed by ${other}`),
				},
				async (locked) => {
					locked.addEventListener("abort", () => stop.abort(locked.reason), { once: true });
					return await work();
				},
			),
	};
}

/** A timer that is called off says only that it was; the signal knows why. */
async function sleepUntil(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
	try {
		await clock.sleep(ms, signal);
	} catch (error) {
		signal.throwIfAborted();
		throw error;
	}
}

function storageOf(call: StorageCall, id: string): Storage {
	const storage = findStorage(call.config, id);
	if (storage !== null) return storage;
	throw new PathkeeperError("STORAGE_ABSENT", { storage: id.slice(0, 100) });
}

function formatOf(text: string): VolumeFormat {
	const format = volumeFormats.find((each) => each === text);
	if (format !== undefined) return format;
	throw new PathkeeperError("VOLUME_REFUSED", { problem: `'${text.slice(0, 40)}' is no format` });
}

/**
 * LUNs as volumes: the volname is the WWID, the path the stable link that udev makes for a map. Maps are shared
 * infrastructure, which the allow-list makes and takes away; a storage only shows them. So there is nothing to
 * allocate, free or resize, and to deactivate a volume does nothing.
 *
 * `active` says that multipathd answers here, and nothing of how well the LUNs are: that is the verdicts' part.
 */
import { checkWwid, messageOf, multipathType, PathkeeperError } from "@pathkeeper/model";
import { perCall } from "../call.ts";
import type { StorageCall } from "../plugin.ts";
import {
	apiver,
	type ListedVolume,
	noSpaceOfItsOwn,
	type ParsedVolname,
	type StoragePlugin,
} from "../plugin.ts";

/** A map that was just allowed is there within a few seconds; one whose paths are down never comes. */
const mapWithinMs = 10_000;
const lookEveryMs = 200;
/** A daemon that holds its lock answers `timeout` itself after 4 s. */
const answerMs = 5_000;

const sizes = perCall((call) => call.host.sysfs.mapSizes());
const daemonProblem = perCall(async (call) => {
	try {
		await call.host.multipathd.status({ deadlineMs: answerMs, signal: call.signal });
		return null;
	} catch (error) {
		// Who ended the call says why; of the daemon it says nothing.
		call.signal.throwIfAborted();
		return messageOf(error);
	}
});

export const multipathPlugin: StoragePlugin = {
	api: apiver,
	definition: multipathType,

	parseVolname(volname): ParsedVolname | null {
		if (checkWwid(volname) !== null) return null;
		return { kind: "images", name: volname, guest: null, format: "raw" };
	},
	path: (_storage, volname) => `/dev/disk/by-id/dm-uuid-mpath-${volname}`,

	/** LUNs have no owner, so a guest has none of them. */
	async listImages(call, _storage, guest): Promise<readonly ListedVolume[]> {
		if (guest !== undefined) return [];
		return [...(await sizes.get(call))].map(([wwid, sizeBytes]) => ({
			volname: wwid,
			kind: "images",
			format: "raw",
			sizeBytes,
			guest: null,
			createdAtS: null,
		}));
	},
	async status(call) {
		return { ...noSpaceOfItsOwn, active: (await daemonProblem.get(call)) === null };
	},

	checkConnection: (call) => daemonProblem.get(call),
	async activateStorage(call) {
		if ((await call.host.tools.version()) !== null) return;
		const problem = `install it on node '${call.host.node}'`;
		throw new PathkeeperError("MULTIPATHD_NOT_INSTALLED", { problem });
	},
	async activateVolume(call, _storage, volname) {
		const end = call.now() + mapWithinMs;
		while (!(await hasMap(call, volname))) {
			if (call.now() >= end) throw new PathkeeperError("MAP_ABSENT", { wwid: volname });
			await call.sleep(lookEveryMs);
			sizes.forget(call);
		}
	},
	deactivateVolume: () => Promise.resolve(),
	async volumeSize(call, storage, volname) {
		const sizeBytes = (await sizes.get(call)).get(volname);
		if (sizeBytes !== undefined) return sizeBytes;
		throw new PathkeeperError("VOLUME_ABSENT", { volume: `${storage.id}:${volname}` });
	},
};

async function hasMap(call: StorageCall, volname: string): Promise<boolean> {
	return (await sizes.get(call)).has(volname);
}

/**
 * Work with storages on this node. The form of an argument was checked against the table of tasks; what comes in it was
 * written by others all the same, so every name in it is checked again by the plugins.
 */
import {
	devicesWithoutPaths,
	listContent,
	overwritesBase,
	prepareStorage,
	storageInfo,
} from "@pathkeeper/volumes";
import { storageCall, storageOf } from "./storage-call.ts";
import type { Works } from "./work.ts";

export const storageWorks: Pick<
	Works,
	"storageStatus" | "storageContent" | "storagePlan" | "storagePrepare" | "scanLvm" | "scanIscsi"
> = {
	storageStatus: {
		turn: "look",
		do: async (work) =>
			(await storageInfo(await storageCall(work))).map(
				({ storage: { id, type, content, shared }, ...found }) => ({
					storage: { id, type, content: [...content], shared },
					enabled: found.enabled,
					active: found.active,
					totalBytes: found.totalBytes,
					usedBytes: found.usedBytes,
					availableBytes: found.availableBytes,
					problem: found.problem,
				}),
			),
	},
	storageContent: {
		turn: "look",
		do: async (work, { storage, guest }) => {
			const call = await storageCall(work);
			return [...(await listContent(call, storageOf(call, storage), guest ?? undefined))];
		},
	},
	storagePlan: {
		turn: "guard",
		do: async (work, { storage, config }) => {
			const call = await storageCall(work, config);
			return { overwritesBase: await overwritesBase(call, storageOf(call, storage)) };
		},
	},
	storagePrepare: {
		turn: "place",
		do: async (work, { storage, config }) => {
			const call = await storageCall(work, config);
			await prepareStorage(call, storageOf(call, storage));
			return null;
		},
	},
	scanLvm: {
		turn: "look",
		do: async ({ host, signal }) => {
			const devices = await devicesWithoutPaths(host);
			return devices.length === 0 ? [] : [...(await host.lvm.volumeGroups(devices, { signal }))];
		},
	},
	scanIscsi: {
		turn: "look",
		do: async ({ host, signal }, { portal }) => [...(await host.iscsi.discover(portal, { signal }))],
	},
};

/** Work with volumes on this node; see `storage-works.ts` for what is trusted. */
import { PathkeeperError, type VolumeFormat, volumeFormats } from "@pathkeeper/model";
import {
	activateVolumes,
	allocVolume,
	deactivateVolumes,
	freeVolume,
	renameVolume,
	resizeVolume,
	volumeFacts,
	volumeUsers,
} from "@pathkeeper/volumes";
import { storageCall, storageOf } from "./storage-call.ts";
import type { Works } from "./work.ts";

export const volumeWorks: Pick<
	Works,
	| "imgAlloc"
	| "imgDelete"
	| "imgResize"
	| "imgRename"
	| "imgActivate"
	| "imgDeactivate"
	| "imgGuard"
	| "imgFacts"
> = {
	imgAlloc: {
		turn: "place",
		do: async (work, { storage, guest, name, format, sizeBytes }) => {
			const call = await storageCall(work);
			const image = { guest, name: name ?? null, format: formatOf(format), sizeBytes };
			return { volume: await allocVolume(call, storageOf(call, storage), image) };
		},
	},
	imgDelete: {
		turn: "removal",
		do: async (work, { volume }) => {
			await freeVolume(await storageCall(work), volume);
			return null;
		},
	},
	imgResize: {
		turn: "place",
		do: async (work, { volume, sizeBytes }) => {
			await resizeVolume(await storageCall(work), volume, sizeBytes);
			return null;
		},
	},
	imgRename: {
		turn: "place",
		do: async (work, { volume, name }) => ({
			volume: await renameVolume(await storageCall(work), volume, name),
		}),
	},
	imgActivate: {
		turn: "place",
		do: async (work, { volume }) => {
			const call = await storageCall(work);
			work.onBegun();
			await activateVolumes(call, [volume]);
			return null;
		},
	},
	imgDeactivate: {
		turn: "place",
		do: async (work, { volume }) => {
			const call = await storageCall(work);
			work.onBegun();
			await deactivateVolumes(call, [volume]);
			return null;
		},
	},
	imgGuard: {
		turn: "guard",
		do: async (work, { volume }) => ({ users: [...(await volumeUsers(await storageCall(work), volume))] }),
	},
	imgFacts: {
		turn: "look",
		do: async (work, { volume }) => await volumeFacts(await storageCall(work), volume),
	},
};

function formatOf(text: string): VolumeFormat {
	const format = volumeFormats.find((each) => each === text);
	if (format !== undefined) return format;
	throw new PathkeeperError("VOLUME_REFUSED", { problem: `'${text.slice(0, 40)}' is not a format` });
}

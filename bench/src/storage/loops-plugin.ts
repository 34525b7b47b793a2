import { apiver, noSpaceOfItsOwn, type StoragePlugin } from "@pathkeeper/volumes";

/** Loop devices of this machine as volumes, for groups to stand on: it stands in for LUNs, which need an array. */
export const loopsPlugin: StoragePlugin = {
	api: apiver,
	definition: {
		type: "loops",
		selectExisting: true,
		alwaysShared: false,
		sensitive: [],
		content: { valid: ["images"], default: ["images"] },
		format: { valid: ["raw"], default: "raw" },
		properties: {},
		options: { content: { optional: true } },
	},
	parseVolname: (volname) =>
		/^loop\d+$/.test(volname) ? { kind: "images", name: volname, guest: null, format: "raw" } : null,
	path: (_storage, volname) => `/dev/${volname}`,
	listImages: () => Promise.resolve([]),
	status: () => Promise.resolve({ ...noSpaceOfItsOwn, active: true }),
	checkConnection: () => Promise.resolve(null),
	activateStorage: () => Promise.resolve(),
	activateVolume: () => Promise.resolve(),
	deactivateVolume: () => Promise.resolve(),
	volumeSize: () => Promise.resolve(0),
};

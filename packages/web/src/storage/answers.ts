/** Answers of the API about storages. */
import type { nodeRoutes, ResultOf, storageRoutes } from "@pathkeeper/model";

export type StorageAnswer = ResultOf<typeof storageRoutes.listStorages>[number];
export type NodeStorageAnswer = ResultOf<typeof storageRoutes.nodeStorages>[number];
export type VolumeAnswer = ResultOf<typeof storageRoutes.listContent>[number];
export type ScannedLun = ResultOf<typeof nodeRoutes.scanMultipath>[number];

import { PathkeeperError, type Storage } from "@pathkeeper/model";

/** What a plugin that leaves the method out does not do, in words of its own. */
const refused = {
	allocImage: (type: string) => `can't allocate space in ${type} storage`,
	freeImage: (type: string) => `can't free space in ${type} storage`,
	volumeResize: (type: string) => `volume resize is not possible on ${type} storage`,
	renameVolume: (type: string) => `renaming a volume is not possible on ${type} storage`,
} as const;

export type Refusable = keyof typeof refused;

/** The refusal of a method for a storage, VOLUME_REFUSED. */
export function refusalOf(method: Refusable, storage: Pick<Storage, "type">): PathkeeperError {
	return new PathkeeperError("VOLUME_REFUSED", { problem: refused[method](storage.type) });
}

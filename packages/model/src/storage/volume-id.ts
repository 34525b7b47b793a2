import { isStorageId } from "./storage-names.ts";

/** Name of a volume in the fleet: `STORAGE:VOLNAME`. */
export interface VolumeId {
	readonly storage: string;
	/** As the storage's plugin reads it; may hold colons and slashes. */
	readonly volname: string;
}

/** Characters that a name of a volume never has: it travels through paths, tables and arguments. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const odd = /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
const longestVolname = 1024;

/** Splits at the first colon; null for what is no volume id. */
export function parseVolumeId(text: string): VolumeId | null {
	const colon = text.indexOf(":");
	if (colon < 0) return null;
	const storage = text.slice(0, colon);
	const volname = text.slice(colon + 1);
	if (!isStorageId(storage) || volname === "" || volname.length > longestVolname) return null;
	return odd.test(volname) || !volname.isWellFormed() ? null : { storage, volname };
}

export function formatVolumeId({ storage, volname }: VolumeId): string {
	return `${storage}:${volname}`;
}

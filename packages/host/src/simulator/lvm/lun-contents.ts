import type { San } from "../san/san.ts";

/** A logical volume in the metadata of a group. */
export interface KeptVolume {
	readonly name: string;
	readonly uuid: string;
	readonly extents: number;
	readonly tags: readonly string[];
	readonly createdAtS: number;
}

/** A physical volume as it stands on a LUN: every node that sees the LUN reads the same. */
export interface KeptGroup {
	readonly pvUuid: string;
	/** Null: a physical volume of no group. */
	readonly vg: {
		readonly name: string;
		readonly uuid: string;
		readonly volumes: readonly KeptVolume[];
	} | null;
}

/** What a LUN carries: LVM, a foreign signature in words of blkid, or nothing (absent). */
export type LunContent = { readonly lvm: KeptGroup } | { readonly signature: string };

const contents = new WeakMap<San, Map<string, LunContent>>();

/** By WWID. What is written here is what every node of the SAN finds. */
export function lunContents(san: San): Map<string, LunContent> {
	const known = contents.get(san) ?? new Map<string, LunContent>();
	contents.set(san, known);
	return known;
}

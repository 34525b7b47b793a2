import type { San } from "../san/san.ts";
import type { LunPlan } from "../san/san-plan.ts";

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

/** By WWID, at first as the plan has it. What is written here is what every node of the SAN finds. */
export function lunContents(san: San): Map<string, LunContent> {
	const known = contents.get(san) ?? new Map(san.luns.flatMap(({ plan }) => asPlanned(plan)));
	contents.set(san, known);
	return known;
}

function asPlanned({ wwid, carries, serial }: LunPlan): readonly (readonly [string, LunContent])[] {
	if (carries === null || carries === undefined) return [];
	if (carries !== "LVM2_member")
		return [[wwid, { signature: carries === "gpt" ? "PTTYPE=gpt" : `TYPE=${carries}` }]];
	const vg = { name: `vg-${(serial ?? "lun").toLowerCase()}`, uuid: `vg-${wwid}`, volumes: [] };
	return [[wwid, { lvm: { pvUuid: `pv-${wwid}`, vg } }]];
}

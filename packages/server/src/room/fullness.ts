/** How full a store is, what follows from it, and how people are told. */
import { type Finding, sizeText } from "@pathkeeper/model";
import type { StoreSpace } from "@pathkeeper/store";

/**
 * `near`: it is time to do something. `reserved`: what people change is refused, but for what makes room or takes
 * somebody's power away; agents go on. `full`: the store itself refuses everything but deletions.
 */
export type Fullness = "roomy" | "near" | "reserved" | "full";

const nearShare = 0.75;
const reservedShare = 0.9;
/**
 * etcd's file has grown to so much of the quota, and half of it is used: the pages that are free inside are scattered,
 * so that a large document makes it grow further.
 */
const grownShare = 0.95;
const scatteredShare = 0.5;

export function fullnessOf({ used, size, quota, refusing }: StoreSpace): Fullness {
	if (refusing !== null) return "full";
	if (used >= reservedShare * quota) return "reserved";
	if (size >= grownShare * quota && used >= scatteredShare * quota) return "reserved";
	return used >= nearShare * quota || size >= reservedShare * quota ? "near" : "roomy";
}

/** Whether less of the past should be kept, because what is used gets much. */
export function isShort(space: StoreSpace): boolean {
	const fullness = fullnessOf(space);
	return space.used >= nearShare * space.quota || fullness === "reserved" || fullness === "full";
}

/** `1.9 GiB of 2 GiB used, 93 %`; with what the file takes where that is more. */
export function spaceText({ used, size, quota }: StoreSpace): string {
	const share = `${Math.floor((100 * used) / quota)} %`;
	const file = size > used * 1.05 ? `, ${sizeText(size)} with what is free in its file` : "";
	return `${sizeText(used)} of ${sizeText(quota)} used, ${share}${file}`;
}

/** What an administrator does, as one text: the steps in their order. */
export function remedyText({ remedies }: StoreSpace): string {
	return remedies.join(", then ");
}

/** What is to be said of the room; null: nothing. */
export function roomFinding(space: StoreSpace): Finding | null {
	const finding = (severity: Finding["severity"], code: string, text: string): Finding => ({
		code,
		severity,
		subject: null,
		text,
	});
	const remedy = remedyText(space);
	switch (fullnessOf(space)) {
		case "roomy":
			return null;
		case "near":
			return finding(
				"warning",
				"store-nearly-full",
				`the store is getting full: ${spaceText(space)}; from 90 % on changes are refused. The server removes old history by itself; to free space: ${remedy}`,
			);
		case "reserved":
			return finding(
				"error",
				"store-nearly-full",
				`the store is nearly full: ${spaceText(space)}. Changes are refused, except deleting, disabling and revoking; nodes go on. Delete what is not needed, and then: ${remedy}`,
			);
		case "full":
			return finding(
				"error",
				"store-full",
				`the store is full and accepts only deletions: ${space.refusing} (${spaceText(space)}). No node can report, nothing can be changed. The server removes old records and history by itself; what is left for you to do: ${remedy}`,
			);
	}
}

/**
 * What a task is for. `look`: somebody wants to see something, and nothing changes. `guard`: a server makes sure of
 * something before it changes it. `change`: everything else, also what this version does not know.
 */
export type TaskKind = "look" | "guard" | "change";

const kinds: ReadonlyMap<string, TaskKind> = new Map([
	["storagestatus", "look"],
	["storagecontent", "look"],
	["imgfacts", "look"],
	["scanlvm", "look"],
	["scaniscsi", "look"],
	["storageplan", "guard"],
	["imgguard", "guard"],
]);

export function taskKind(type: string): TaskKind {
	return kinds.get(type) ?? "change";
}

/** A question goes with its answer, and is not listed among the work of a node. */
export function isQuestion(type: string): boolean {
	return taskKind(type) !== "change";
}

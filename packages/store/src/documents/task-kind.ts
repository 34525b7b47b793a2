/** Somebody wants to see something, and nothing changes. */
const looks = ["storagestatus", "storagecontent", "imgfacts", "scanlvm", "scaniscsi"] as const;
/** A server makes sure of something before it changes it. */
const guards = ["storageplan", "imgguard"] as const;

export type LookType = (typeof looks)[number];
export type GuardType = (typeof guards)[number];

/** What a task is for; `change` is everything that is no question, also what this version does not know. */
export type TaskKind = "look" | "guard" | "change";

const kinds: ReadonlyMap<string, TaskKind> = new Map<string, TaskKind>([
	...looks.map((type) => [type, "look"] as const),
	...guards.map((type) => [type, "guard"] as const),
]);

export function taskKind(type: string): TaskKind {
	return kinds.get(type) ?? "change";
}

/** A question goes with its answer, and is not listed among the work of a node. */
export function isQuestion(type: string): boolean {
	return taskKind(type) !== "change";
}

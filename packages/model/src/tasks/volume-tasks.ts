import { Type } from "typebox";
import { defineTask } from "./task-type.ts";

const strict = { additionalProperties: false };
const bytes = Type.Number({ minimum: 0, description: "bytes" });
const volume = Type.String({ description: "ID of a volume, STORAGE:VOLNAME" });
const one = Type.Object({ volume }, strict);
const named = Type.Object({ volume });

export const imgAlloc = defineTask({
	type: "imgalloc",
	kind: "change",
	subject: "storage",
	summary: "Make a volume",
	argument: Type.Object(
		{
			storage: Type.String({ description: "ID of a storage" }),
			guest: Type.Number({ description: "number of the guest that it is for" }),
			name: Type.Optional(
				Type.Union([Type.String(), Type.Null()], {
					description: "null or absent: the node finds a free one",
				}),
			),
			format: Type.String({ description: "raw, for example" }),
			sizeBytes: Type.Number(),
		},
		strict,
	),
	result: named,
});

export const imgDelete = defineTask({
	type: "imgdel",
	kind: "change",
	subject: "volume",
	summary: "Remove a volume; erasing it first may take hours",
	argument: one,
	result: Type.Null(),
});

export const imgResize = defineTask({
	type: "imgresize",
	kind: "change",
	subject: "volume",
	summary: "Grow a volume to at least a size",
	argument: Type.Object({ volume, sizeBytes: Type.Number() }, strict),
	result: Type.Null(),
});

export const imgRename = defineTask({
	type: "imgrename",
	kind: "change",
	subject: "volume",
	summary: "Give a volume another name in its storage",
	argument: Type.Object({ volume, name: Type.String() }, strict),
	result: named,
});

export const imgActivate = defineTask({
	type: "imgactivate",
	kind: "change",
	subject: "volume",
	summary: "Make a volume usable on the node",
	argument: one,
	result: Type.Null(),
});

export const imgDeactivate = defineTask({
	type: "imgdeactivate",
	kind: "change",
	subject: "volume",
	summary: "Take a volume that nothing has open from the node",
	argument: one,
	result: Type.Null(),
});

export const imgGuard = defineTask({
	type: "imgguard",
	kind: "question",
	subject: "volume",
	summary: "What on the node uses a volume",
	argument: one,
	result: Type.Object({ users: Type.Array(Type.String({ description: "one user, for people" })) }),
});

export const imgFacts = defineTask({
	type: "imgfacts",
	kind: "question",
	subject: "volume",
	summary: "What a volume is",
	argument: one,
	result: Type.Object({ path: Type.String(), sizeBytes: bytes, used: bytes, format: Type.String() }),
});

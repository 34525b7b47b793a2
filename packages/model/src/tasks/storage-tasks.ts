import { Type } from "typebox";
import { defineTask } from "./task-type.ts";

const strict = { additionalProperties: false };
const nullable = <S extends Parameters<typeof Type.Array>[0]>(schema: S) => Type.Union([schema, Type.Null()]);
const bytes = Type.Number({ minimum: 0, description: "bytes" });
const storage = Type.String({ description: "ID of a storage" });

/** A storage as it is to be, when it is not in the configuration yet. */
const newStorage = Type.Object(
	{
		storage,
		config: Type.Optional(
			Type.String({ description: "text of a storage.cfg to read instead of the stored one" }),
		),
	},
	strict,
);

export const storageStatus = defineTask({
	type: "storagestatus",
	kind: "question",
	subject: null,
	summary: "Every storage of the configuration, as the node has it now",
	argument: Type.Object({}, strict),
	result: Type.Array(
		Type.Object({
			storage: Type.Object({
				id: Type.String(),
				type: Type.String(),
				content: Type.Array(Type.String()),
				shared: Type.Boolean(),
			}),
			enabled: Type.Boolean(),
			active: Type.Boolean(),
			totalBytes: bytes,
			usedBytes: bytes,
			availableBytes: bytes,
			problem: nullable(Type.String({ description: "why it is enabled and not active" })),
		}),
	),
});

export const storageContent = defineTask({
	type: "storagecontent",
	kind: "question",
	subject: "storage",
	summary: "The volumes of a storage",
	argument: Type.Object(
		{
			storage,
			guest: Type.Optional(nullable(Type.Integer({ description: "only volumes of this guest" }))),
		},
		strict,
	),
	result: Type.Array(
		Type.Object({
			volname: Type.String(),
			kind: Type.String(),
			format: Type.String(),
			sizeBytes: bytes,
			guest: nullable(Type.Integer()),
			createdAtS: nullable(Type.Number({ description: "seconds since the epoch" })),
		}),
	),
});

export const storagePlan = defineTask({
	type: "storageplan",
	kind: "question",
	subject: "storage",
	summary: "Whether preparing a new storage would write over the volume of its base",
	argument: newStorage,
	result: Type.Object({ overwritesBase: Type.Boolean() }),
});

export const storagePrepare = defineTask({
	type: "storageprepare",
	kind: "change",
	subject: "storage",
	summary: "Make what a new storage needs before it is added to the configuration, such as its volume group",
	argument: newStorage,
	result: Type.Null(),
});

export const scanLvm = defineTask({
	type: "scanlvm",
	kind: "question",
	subject: null,
	summary: "The volume groups that the node sees, leaving out single paths of a LUN",
	argument: Type.Object({}, strict),
	result: Type.Array(
		Type.Object({ name: Type.String(), sizeBytes: bytes, freeBytes: bytes, volumes: Type.Number() }),
	),
});

export const scanIscsi = defineTask({
	type: "scaniscsi",
	kind: "question",
	subject: null,
	summary: "The targets that an iSCSI portal offers the node",
	argument: Type.Object({ portal: Type.String({ description: "HOST:PORT" }) }, strict),
	result: Type.Array(Type.Object({ target: Type.String(), portal: Type.String() })),
});

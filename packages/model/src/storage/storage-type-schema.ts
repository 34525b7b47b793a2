import { Type } from "typebox";
import { Errors } from "typebox/value";
import { contentTypes, volumeFormats } from "./storage-type.ts";

const name = Type.String({ maxLength: 80 });
const words = Type.String({ maxLength: 1024 });
const contentType = Type.Enum([...contentTypes]);
const volumeFormat = Type.Enum([...volumeFormats]);
const yes = Type.Optional(Type.Literal(true));

/** Of a `StorageType` that comes from a plugin or from another machine. */
export const storageTypeSchema = Type.Object({
	type: name,
	content: Type.Object({ valid: Type.Array(contentType), default: Type.Array(contentType) }),
	format: Type.Object({ valid: Type.Array(volumeFormat), default: volumeFormat }),
	selectExisting: Type.Boolean(),
	alwaysShared: Type.Boolean(),
	sensitive: Type.Array(name),
	properties: Type.Record(
		name,
		Type.Object({
			kind: Type.Union([Type.Literal("text"), Type.Literal("integer"), Type.Literal("flag")]),
			format: Type.Optional(
				Type.Union([
					Type.Literal("content-list"),
					Type.Literal("node-list"),
					Type.Literal("path"),
					Type.Literal("storage-folder"),
					Type.Literal("storage-id"),
					Type.Literal("volume-id"),
					Type.Literal("lvm-name"),
					Type.Literal("text"),
				]),
			),
			description: words,
			minimum: Type.Optional(Type.Number()),
			maximum: Type.Optional(Type.Number()),
			oneOf: Type.Optional(Type.Array(words)),
		}),
	),
	options: Type.Record(name, Type.Object({ fixed: yes, optional: yes })),
});

/** What is wrong with a definition of somebody else, in words; null when it is one. */
export function storageTypeProblem(definition: unknown): string | null {
	const [first] = Errors(storageTypeSchema, definition);
	return first === undefined ? null : `${first.instancePath || "it"} ${first.message}`;
}

/** Schemas of the values that many routes share. Texts are checked closely by the config grammar, not here. */
import { type TOptional, type TSchema, type TString, Type } from "typebox";
import { keyOfKeyword, type SettingPlace, settableKeywords } from "../config/settable.ts";

export const node = Type.String({ maxLength: 63, description: "Name of a node" });
export const wwid = Type.String({ maxLength: 127, description: "WWID of a LUN, as udev reports it" });
export const reference = Type.String({
	minLength: 1,
	maxLength: 64,
	description: "any text the client chooses; it finds the task of this call by it while the call still runs",
});
export const digest = Type.String({
	maxLength: 64,
	description: "SHA-1 of the document that the change is based on",
});

/** One optional text a multipathd keyword that may be set there, in kebab-case, as Proxmox VE takes its knobs. */
export function settings(place: SettingPlace): Readonly<Record<string, TOptional<TString>>> {
	return Object.fromEntries(
		settableKeywords(place).map((keyword) => [
			keyOfKeyword(keyword),
			Type.Optional(Type.String({ maxLength: 1024, description: keyword.effect })),
		]),
	);
}

/** The texts of those settings that were given. */
export function givenSettings(place: SettingPlace, parameters: object): Record<string, string> {
	const given = new Map<string, unknown>(Object.entries(parameters));
	return Object.fromEntries(
		settableKeywords(place).flatMap((keyword) => {
			const value = given.get(keyOfKeyword(keyword));
			return typeof value === "string" ? [[keyOfKeyword(keyword), value]] : [];
		}),
	);
}
/** 0/1 in output; 0/1, true/false in input, as Proxmox VE. */
export const flag = Type.Union([Type.Literal(0), Type.Literal(1), Type.Boolean()]);
export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export const finding = Type.Object({
	code: Type.String(),
	severity: Type.Union([Type.Literal("info"), Type.Literal("warning"), Type.Literal("error")]),
	subject: nullable(Type.String()),
	text: Type.String(),
});

/** A finding as it stands: with who acknowledged it, and why. */
export const judgedFinding = Type.Object({
	...finding.properties,
	acknowledged: nullable(
		Type.Object({
			reason: Type.String(),
			by: Type.String(),
			at: Type.Number({ description: "milliseconds since the epoch" }),
		}),
	),
});

export const lunState = Type.Union([
	Type.Literal("optimal"),
	Type.Literal("degraded"),
	Type.Literal("failed"),
	Type.Literal("missing"),
	Type.Literal("unknown"),
	Type.Literal("unmanaged"),
]);

export const queueing = Type.Union([
	Type.Literal("off"),
	Type.Literal("forever"),
	Type.Object({ seconds: Type.Number() }),
	Type.Null(),
]);

export const transport = Type.Object({
	protocol: Type.String(),
	initiator: nullable(Type.String()),
	target: nullable(Type.String()),
	portal: nullable(Type.String()),
});

/** A node as every answer about it shows it. */
export const nodeState = {
	node,
	online: flag,
	simulated: flag,
	settling: flag,
	age: nullable(Type.Number({ description: "seconds since the node last reported a change" })),
	multipathd: Type.Object({
		state: Type.String(),
		problem: nullable(Type.String()),
		version: nullable(Type.String()),
	}),
	applied: Type.Object({
		state: Type.String(),
		current: flag,
		error: nullable(Type.String()),
		at: nullable(Type.Number()),
	}),
	findings: Type.Array(judgedFinding),
};

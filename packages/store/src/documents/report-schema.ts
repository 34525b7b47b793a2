import type { Report } from "@pathkeeper/model";
import { type TSchema, Type } from "typebox";
import { checkOf } from "./json-document.ts";

const text = Type.String();
const flag = Type.Boolean();
const count = Type.Integer({ minimum: 0 });
const moment = Type.Number({ minimum: 0 });
const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

const transport = Type.Object({
	protocol: Type.Union([
		Type.Literal("iscsi"),
		Type.Literal("fc"),
		Type.Literal("sas"),
		Type.Literal("nvme"),
		Type.Literal("usb"),
		Type.Literal("other"),
	]),
	initiator: nullable(text),
	target: nullable(text),
	portal: nullable(text),
});

const path = Type.Object({
	dev: text,
	devT: nullable(text),
	hctl: nullable(text),
	dmState: nullable(text),
	deviceState: nullable(text),
	checkerState: nullable(text),
	checker: nullable(text),
	priority: nullable(Type.Number()),
	marginal: flag,
	anaState: nullable(text),
	transport: nullable(transport),
});

const group = Type.Object({
	number: count,
	dmState: nullable(text),
	priority: nullable(Type.Number()),
	selector: nullable(text),
	marginal: flag,
	paths: Type.Array(path),
});

const map = Type.Object({
	name: text,
	wwid: text,
	dm: nullable(text),
	vendor: nullable(text),
	product: nullable(text),
	revision: nullable(text),
	sizeBytes: nullable(count),
	suspended: flag,
	readOnly: nullable(flag),
	queueing: Type.Union([
		Type.Literal("off"),
		Type.Literal("forever"),
		Type.Object({ seconds: Type.Number({ minimum: 0 }) }),
		Type.Null(),
	]),
	features: nullable(text),
	hardwareHandler: nullable(text),
	failback: nullable(text),
	action: nullable(text),
	groups: Type.Array(group),
	whole: flag,
});

const kernelMap = Type.Object({
	dm: text,
	name: text,
	wwid: text,
	sizeBytes: count,
	suspended: flag,
	openCount: nullable(count),
	slaves: Type.Array(text),
	users: Type.Array(text),
});

const candidate = Type.Object({
	dev: text,
	wwid: nullable(text),
	sizeBytes: count,
	vendor: nullable(text),
	product: nullable(text),
	hctl: nullable(text),
	transport: nullable(transport),
	carries: nullable(text),
});

const multipathd = Type.Object({
	state: Type.Union([
		Type.Literal("running"),
		Type.Literal("not-installed"),
		Type.Literal("not-running"),
		Type.Literal("silent"),
		Type.Literal("unreadable"),
	]),
	problem: nullable(text),
	version: nullable(text),
	pollingIntervalS: nullable(Type.Number()),
});

const applied = Type.Object({
	state: Type.Union([Type.Literal("applied"), Type.Literal("pending"), Type.Literal("failed")]),
	configDigest: nullable(text),
	overridesDigest: nullable(text),
	at: nullable(moment),
	error: nullable(text),
});

const finding = Type.Object({
	code: text,
	severity: Type.Union([Type.Literal("info"), Type.Literal("warning"), Type.Literal("error")]),
	subject: nullable(text),
	text,
});

/**
 * Takes a parsed value for a report, or throws DOCUMENT_UNREADABLE. Keys that a newer agent adds are let through;
 * a word that is not in a closed list is not, because a report that is understood in part would be judged as whole.
 */
export const checkReport: (key: string, value: unknown) => Report = checkOf(
	Type.Object({
		node: text,
		at: moment,
		intervalMs: Type.Number({ exclusiveMinimum: 0 }),
		simulated: flag,
		agentVersion: text,
		multipathd,
		settling: flag,
		maps: Type.Array(map),
		lastMaps: Type.Optional(Type.Array(map)),
		kernelMaps: Type.Array(kernelMap),
		candidates: Type.Array(candidate),
		foreignDmNames: Type.Array(text),
		highestPaths: Type.Record(text, count),
		applied,
		findings: Type.Array(finding),
	}),
);

/** Events of the stream, checked: the page must not show what it does not understand. */
import type { LogEvent, PictureDelta, SnapshotEvent } from "@pathkeeper/model";

export function snapshotFrom(text: string): SnapshotEvent | null {
	return parsed(text, isSnapshot);
}

export function deltaFrom(text: string): PictureDelta | null {
	return parsed(text, isDelta);
}

export function logFrom(text: string): LogEvent | null {
	return parsed(text, isLog);
}

function parsed<T>(text: string, fits: (value: unknown) => value is T): T | null {
	try {
		const value: unknown = JSON.parse(text);
		return fits(value) ? value : null;
	} catch {
		return null;
	}
}

function isSnapshot(value: unknown): value is SnapshotEvent {
	return (
		value instanceof Object &&
		has(value, "rev", "number") &&
		has(value, "epoch", "string") &&
		has(value, "states", "string") &&
		hasList(value, "nodes") &&
		hasList(value, "luns")
	);
}

function isDelta(value: unknown): value is PictureDelta {
	return (
		value instanceof Object &&
		has(value, "rev", "number") &&
		has(value, "from", "number") &&
		["cells", "luns", "nodes"].every((key) => hasList(value, key))
	);
}

function isLog(value: unknown): value is LogEvent {
	return value instanceof Object && hasList(value, "entries") && has(value, "missed", "boolean");
}

function has(value: object, key: string, type: "number" | "string" | "boolean"): boolean {
	return typeof Reflect.get(value, key) === type;
}

function hasList(value: object, key: string): boolean {
	return Array.isArray(Reflect.get(value, key));
}

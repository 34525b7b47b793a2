/** Reading JSON that came from outside (QEMU, a state file) without trusting its shape. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isObjectOfNumbers(value: unknown): value is Readonly<Record<string, number>> {
	return isObject(value) && Object.values(value).every((member) => typeof member === "number");
}

/** The member `name` of an object, undefined for everything else. */
export function member(value: unknown, name: string): unknown {
	return isObject(value) ? value[name] : undefined;
}

/** Parsed JSON, or undefined when the text is none. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

import type { TSchema } from "typebox";
import { Errors } from "typebox/value";

export const notDefined =
	"property is not defined in schema and the schema does not allow additional properties";

/** What is wrong with each field, in the words of PVE::JSONSchema, which clients show and some compare. */
export function mismatches(schema: TSchema, values: unknown): Map<string, string> {
	const texts = new Map<string, string>();
	const given = new Map<string, unknown>(values instanceof Object ? Object.entries(values) : []);
	for (const error of Errors(schema, values)) {
		if (error.keyword === "required") {
			for (const key of error.params.requiredProperties) {
				texts.set(key, "property is missing and it is not optional");
			}
			continue;
		}
		const [, key = ""] = error.instancePath.split("/");
		// The branches of a choice come first, and then the choice as a whole.
		if (key !== "" && (!texts.has(key) || error.keyword === "anyOf"))
			texts.set(key, textOf(error, given.get(key)));
	}
	return texts;
}

function textOf(error: ReturnType<typeof Errors>[number], value: unknown): string {
	switch (error.keyword) {
		case "type":
			return `type check ('${String(error.params.type)}') failed - got '${shown(value)}'`;
		// The only choice among parameters is that of a flag.
		case "anyOf":
			return `type check ('boolean') failed - got '${shown(value)}'`;
		case "minimum":
			return `value must have a minimum value of ${error.params.limit}`;
		case "maximum":
			return `value must have a maximum value of ${error.params.limit}`;
		case "maxLength":
			return `value may only be ${error.params.limit} characters long`;
		case "minLength":
			return `value must be at least ${error.params.limit} characters long`;
		default:
			return `invalid format - ${error.message}`;
	}
}

function shown(value: unknown): string {
	if (Array.isArray(value)) return "array";
	return typeof value === "object" && value !== null ? "object" : String(value).slice(0, 64);
}

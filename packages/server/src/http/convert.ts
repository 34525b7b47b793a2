import type { TSchema } from "typebox";

/**
 * A value in the type that its schema asks for, where it says the same in another one: urlencoded bodies and queries
 * know only texts, and some clients of Proxmox VE send every number as text, or the other way round. What does not
 * say the same is left as it is, for the check to refuse.
 */
export function converted(schema: TSchema, value: unknown): unknown {
	if (isFlag(schema))
		return typeof value === "string" ? (flagWords.get(value.toLowerCase()) ?? value) : value;
	const type = "type" in schema ? schema.type : null;
	if (type === "string" && typeof value === "number" && Number.isFinite(value)) return String(value);
	const isNumber = type === "integer" || type === "number";
	if (isNumber && typeof value === "string" && /^-?\d{1,15}$/.test(value)) return Number(value);
	return value;
}

/** As PVE::JSONSchema reads a boolean. */
const flagWords: ReadonlyMap<string, 0 | 1> = new Map([
	["1", 1],
	["on", 1],
	["yes", 1],
	["true", 1],
	["0", 0],
	["off", 0],
	["no", 0],
	["false", 0],
]);

/** The schema of a flag is a choice of 0, 1 and the two booleans. */
function isFlag(schema: TSchema): boolean {
	if (!("anyOf" in schema) || !Array.isArray(schema.anyOf)) return false;
	const choices: unknown[] = schema.anyOf;
	return choices.some(
		(choice) =>
			typeof choice === "object" && choice !== null && "type" in choice && choice.type === "boolean",
	);
}

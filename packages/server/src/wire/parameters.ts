/** Parameters of a call, wherever they travel, checked against the schema of its route. */
import { PathkeeperError, type Route } from "@pathkeeper/model";
import type { Static, TSchema } from "typebox";
import { Check, Convert, Errors } from "typebox/value";

export interface RawParameters {
	readonly path: unknown;
	readonly query: unknown;
	readonly body: unknown;
	/** True when the body was urlencoded: then its numbers and flags are texts. */
	readonly bodyIsText: boolean;
}

/** The parameters in the types of the route. Throws PARAMETER_INVALID with one text a field, unknown keys included. */
export function parametersOf<P extends TSchema>(route: Route<P>, raw: RawParameters): Static<P> {
	const fromUri = converted(route, { ...fields(raw.query), ...fields(raw.path) });
	const body = fields(raw.body);
	const fromBody = raw.bodyIsText ? converted(route, body) : body;
	const twice = Object.keys(fromBody).filter((key) => key in fromUri && fromUri[key] !== fromBody[key]);
	const parameters = { ...fromBody, ...fromUri };
	const wrong = { ...unknownKeys(route, parameters), ...duplicates(twice), ...mismatches(route, parameters) };
	if (Object.keys(wrong).length === 0 && Check(route.parameters, parameters)) return parameters;
	throw new PathkeeperError("PARAMETER_INVALID", { fields: wrong });
}

function fields(value: unknown): Record<string, unknown> {
	// Fastify's objects have no prototype, so `instanceof Object` would not know them.
	const all: Record<string, unknown> =
		typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
	delete all["_dc"]; // What browsers add against caches.
	return all;
}

function converted(route: Route, texts: Record<string, unknown>): Record<string, unknown> {
	return fields(Convert(route.parameters, texts));
}

function unknownKeys(route: Route, parameters: Record<string, unknown>): Record<string, string> {
	const properties = "properties" in route.parameters ? fields(route.parameters.properties) : {};
	const unknown = Object.keys(parameters).filter((key) => !Object.hasOwn(properties, key));
	const text = "property is not defined in schema and the schema does not allow additional properties";
	return Object.fromEntries(unknown.map((key) => [key, text]));
}

function duplicates(keys: readonly string[]): Record<string, string> {
	return Object.fromEntries(keys.map((key) => [key, "given twice, with different values"]));
}

function mismatches(route: Route, parameters: Record<string, unknown>): Record<string, string> {
	const texts: Record<string, string> = {};
	for (const error of Errors(route.parameters, parameters)) {
		if (error.keyword === "required") {
			for (const key of error.params.requiredProperties) {
				texts[key] = "property is missing and it is not optional";
			}
			continue;
		}
		const [, key = ""] = error.instancePath.split("/");
		if (key !== "") texts[key] ??= `invalid format - ${error.message}`;
	}
	return texts;
}

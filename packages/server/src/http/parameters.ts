/** Parameters of a call, wherever they travel, checked against the schema of its route. */
import { furtherOf, PathkeeperError, type Route } from "@pathkeeper/model";
import type { Static, TSchema } from "typebox";
import { Check } from "typebox/value";
import { mostParameters } from "./body.ts";
import { converted } from "./convert.ts";
import { mismatches, notDefined } from "./mismatches.ts";

export interface RawParameters {
	readonly path: unknown;
	readonly query: unknown;
	readonly body: unknown;
}

/**
 * The parameters in the types of the route. Throws PARAMETER_INVALID with one text a field, unknown keys and keys
 * that stand in path, query and body with different values included.
 */
export function parametersOf<P extends TSchema>(route: Route<P>, raw: RawParameters): Static<P> {
	const wrong = new Map<string, string>();
	const everywhere = [raw.path, raw.query, raw.body].flatMap((values) => entries(values, wrong));
	const properties = propertiesOf(route);
	const further = furtherOf(route.parameters);
	const parameters = new Map<string, unknown>();
	for (const [key, value] of everywhere) {
		const schema = properties.get(key) ?? further ?? undefined;
		const typed = schema === undefined ? value : converted(schema, value);
		if (schema === undefined) wrong.set(key, notDefined);
		else if (parameters.has(key) && parameters.get(key) !== typed) wrong.set(key, givenTwice);
		else parameters.set(key, typed);
	}
	const given: unknown = Object.fromEntries(parameters);
	for (const [key, text] of mismatches(route.parameters, given)) if (!wrong.has(key)) wrong.set(key, text);
	if (wrong.size === 0 && Check(route.parameters, given)) return given;
	throw new PathkeeperError("PARAMETER_INVALID", { fields: Object.fromEntries(wrong) });
}

const givenTwice = "given twice, with different values";

/** One value a key. Repeated keys come as lists: they must agree. */
function entries(values: unknown, wrong: Map<string, string>): [string, unknown][] {
	if (values === undefined || values === null) return [];
	if (typeof values !== "object" || Array.isArray(values)) {
		wrong.set("body", "type check ('object') failed");
		return [];
	}
	const given = Object.entries(values);
	if (given.length > mostParameters) wrong.set("body", `more than ${mostParameters} keys`);
	return given.slice(0, mostParameters).flatMap(([key, value]): [string, unknown][] => {
		if (key === "_dc") return []; // What browsers add against caches.
		if (!Array.isArray(value)) return [[key, value]];
		const [first, ...further]: unknown[] = value;
		if (first === undefined || further.some((other) => other !== first)) wrong.set(key, givenTwice);
		return [[key, first]];
	});
}

function propertiesOf(route: Route): ReadonlyMap<string, TSchema> {
	const properties: unknown = "properties" in route.parameters ? route.parameters.properties : {};
	return new Map(typeof properties === "object" && properties !== null ? Object.entries(properties) : []);
}

/** Texts with places for values, such as `LUN {wwid} is in use`. The type of a text says which values it takes. */

/** Values by the names of their places. */
export type Values = Readonly<Record<string, string | number>>;

/** The names of the places in a text; `never` for a text without any. */
export type PlaceIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
	? Name | PlaceIn<Rest>
	: never;

const place = /\{(\w+)\}/g;

/** True for a text that takes values. */
export function hasPlaces(template: string): boolean {
	return template.search(place) >= 0;
}

/** Puts the values into their places. A place without a value stays as it is, with its name. */
export function fill(template: string, values: Values): string {
	return template.replace(place, (whole, name: string) => String(values[name] ?? whole));
}

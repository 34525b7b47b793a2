import { PathkeeperError } from "@pathkeeper/model";

/** What was typed, by key; a key that is not there was not touched, an empty text takes the setting away. */
export type Draft = Readonly<Record<string, string>>;

/** What differs from what is stored, as the routes take it. */
export function changeOf(
	draft: Draft,
	stored: ReadonlyMap<string, string>,
): { readonly set: Readonly<Record<string, string>>; readonly delete: readonly string[] } {
	const typed = Object.entries(draft).map(([key, value]) => [key, value.trim()] as const);
	return {
		set: Object.fromEntries(typed.filter(([key, value]) => value !== "" && value !== stored.get(key))),
		delete: typed.filter(([key, value]) => value === "" && stored.has(key)).map(([key]) => key),
	};
}

/** The texts of an answer that are settings. */
export function textsOf(answer: object | undefined): ReadonlyMap<string, string> {
	return new Map(
		Object.entries(answer ?? {}).flatMap(([key, value]): [string, string][] =>
			typeof value === "string" || typeof value === "number" ? [[key, String(value)]] : [],
		),
	);
}

/** Problems by field of something that was thrown. */
export function fieldsOf(error: unknown): Readonly<Record<string, string>> {
	return error instanceof PathkeeperError ? error.fields : {};
}

/** What was typed, by key; a key that is absent was not touched, an empty text removes the setting. */
export type Draft = Readonly<Record<string, string>>;

/** The difference from what is stored, as the routes accept it. */
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

/** How many settings a change sets and removes. */
export function sizeOf(change: ReturnType<typeof changeOf>): number {
	return Object.keys(change.set).length + change.delete.length;
}

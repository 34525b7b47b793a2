/** The texts of an answer that are settings. */
export function textsOf(answer: object | undefined): ReadonlyMap<string, string> {
	return new Map(
		Object.entries(answer ?? {}).flatMap(([key, value]): [string, string][] =>
			typeof value === "string" || typeof value === "number" ? [[key, String(value)]] : [],
		),
	);
}

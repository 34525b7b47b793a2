/** Gives the one copy of a value that is kept for a key; the value is made when there is none. */
export type Pool<T> = (key: string, make: () => T) => T;

/**
 * Lets equal values of many nodes be one. It forgets everything when it holds `limit` values: what was handed out
 * stays right, so that whoever sends ever new texts costs memory for a while and never for good.
 */
export function createPool<T>(limit = 50_000): Pool<T> {
	const kept = new Map<string, T>();
	return (key, make) => {
		const known = kept.get(key);
		if (known !== undefined) return known;
		if (kept.size >= limit) kept.clear();
		const made = make();
		kept.set(key, made);
		return made;
	};
}

const collator = new Intl.Collator("en", { numeric: true });

/** The order of names that people expect: n2 before n10. */
export function byName(a: string, b: string): number {
	return collator.compare(a, b);
}

/** Order of two multipath-tools versions such as `0.9.4`, `0.11.1`, `v0.15.1-1`: negative, 0 or positive. */
export function compareToolsVersions(a: string, b: string): number {
	const left = numbersOf(a);
	const right = numbersOf(b);
	for (let i = 0; i < Math.max(left.length, right.length); i++) {
		const difference = (left[i] ?? 0) - (right[i] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}

/** The dotted numbers that a version starts with; a packager's suffix (`-3+deb12u2`) says nothing about keywords. */
function numbersOf(version: string): readonly number[] {
	const dotted = /\d+(?:\.\d+)*/.exec(version)?.[0] ?? "0";
	return dotted.split(".").map(Number);
}

/**
 * Costs as ratios, so that they hold on any machine and beside any load: a large input against the same amount of
 * small ones. Where time is linear the two cost the same, where it is quadratic the large one costs `pieces` times as
 * much. Collecting garbage makes a difference of two or three, and a limit between the two is never met by chance.
 */

/** How many small inputs are as much as the large one. */
const pieces = 16;
/** Of a large input against as much of small ones; 16 where time is quadratic. */
const mostGrowth = 6;
/** Of a character against one of a plain pass over the text. */
const mostPerCharacter = 500;
/** Whatever else runs can only add to a measurement, so that one that is too high is made again. */
const rounds = 6;

/** CPU of one call in microseconds. */
export function cpuOf(work: () => unknown): number {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return user + system;
}

/**
 * How often the CPU of `twin` goes into that of `work`, the least CPU of each of several rounds; as soon as it is below
 * `limit`, it is not measured again.
 */
export function costRatio(work: () => unknown, twin: () => unknown, limit: number): number {
	let [ofWork, ofTwin] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
	let ratio = Number.POSITIVE_INFINITY;
	for (let round = 0; round < rounds && ratio >= limit; round++) {
		ofTwin = Math.min(ofTwin, cpuOf(twin));
		ofWork = Math.min(ofWork, cpuOf(work));
		// Below a millisecond there is nothing to compare.
		ratio = ofWork / Math.max(ofTwin, 1000);
	}
	return ratio;
}

/** Null when `prepare`'s work is linear in the size; else how much more than that it costs. */
export function growthProblem(prepare: (size: number) => () => unknown, size: number): string | null {
	const [large, small] = [prepare(size), prepare(size / pieces)];
	small();
	const manySmall = () => {
		for (let piece = 0; piece < pieces; piece++) small();
	};
	const ratio = costRatio(large, manySmall, mostGrowth);
	return ratio < mostGrowth ? null : `a large input costs ${ratio.toFixed(1)} times as much as small ones`;
}

/** Null when a character of the text costs about as much as one may; else how much more. */
export function factorProblem(work: () => unknown, text: string): string | null {
	const plain = () => {
		let sum = 0;
		for (const line of text.split("\n")) for (let at = 0; at < line.length; at++) sum += line.charCodeAt(at);
		return sum;
	};
	plain();
	const ratio = costRatio(work, plain, mostPerCharacter);
	return ratio < mostPerCharacter ? null : `a character costs ${ratio.toFixed(0)} times a plain pass`;
}

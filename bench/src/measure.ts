/** Measuring side by side: these machines are noisy, so ratios of medians are what counts, never a single time. */

export interface Cost {
	/** Milliseconds on the clock. */
	readonly wallMs: number;
	/** Milliseconds of processor time, this process and its ended children together. */
	readonly cpuMs: number;
}

/** Runs the contestants in turn, `rounds` times each after one warm-up round; median cost of each. */
export async function sideBySide<Name extends string>(
	contestants: Readonly<Record<Name, () => unknown>>,
	rounds: number,
): Promise<Map<string, Cost>> {
	const runs = new Map<string, Cost[]>();
	const all = Object.entries<() => unknown>(contestants);
	for (let round = 0; round <= rounds; round++) {
		for (const [name, work] of all) {
			const cost = await costOf(work);
			if (round > 0) runs.set(name, [...(runs.get(name) ?? []), cost]);
		}
	}
	return new Map(
		[...runs].map(([name, costs]) => [
			name,
			{ wallMs: median(costs.map(({ wallMs }) => wallMs)), cpuMs: median(costs.map(({ cpuMs }) => cpuMs)) },
		]),
	);
}

async function costOf(work: () => unknown): Promise<Cost> {
	const cpu = process.cpuUsage();
	const begin = performance.now();
	await work();
	const wallMs = performance.now() - begin;
	const { user, system } = process.cpuUsage(cpu);
	return { wallMs, cpuMs: (user + system) / 1000 };
}

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Prints each contestant with its ratio to the first. */
export function report(title: string, costs: ReadonlyMap<string, Cost>): void {
	console.log(`\n${title}`);
	const [base] = costs.values();
	for (const [name, { wallMs, cpuMs }] of costs) {
		const ratio = base === undefined ? 1 : cpuMs / base.cpuMs;
		const wallRatio = base === undefined ? 1 : wallMs / base.wallMs;
		console.log(
			`  ${name.padEnd(58)} cpu ${cpuMs.toFixed(1).padStart(8)} ms (${ratio.toFixed(2)}x)  wall ${wallMs.toFixed(1).padStart(8)} ms (${wallRatio.toFixed(2)}x)`,
		);
	}
}

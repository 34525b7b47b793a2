import { usageOf } from "./process-usage.ts";

/** Measuring side by side: these machines are noisy, so ratios of medians are what counts, never a single time. */

export interface Cost {
	/** Milliseconds on the clock. */
	readonly wallMs: number;
	/** Milliseconds of processor time of this process. */
	readonly cpuMs: number;
	/** The same of its children that ended, in steps of 10. */
	readonly childrenMs: number;
}

export async function costOf(work: () => unknown): Promise<Cost> {
	const { childrenMs } = usageOf("self");
	const cpu = process.cpuUsage();
	const begin = performance.now();
	await work();
	const wallMs = performance.now() - begin;
	const { user, system } = process.cpuUsage(cpu);
	return { wallMs, cpuMs: (user + system) / 1000, childrenMs: usageOf("self").childrenMs - childrenMs };
}

/** Costs of contestants, taken in turn and many times over, so that the noise of the machine hits all alike. */
export class Costs {
	readonly #runs = new Map<string, Cost[]>();

	/** Runs one contestant once and takes its cost. */
	async take(name: string, work: () => unknown): Promise<void> {
		const cost = await costOf(work);
		this.#runs.set(name, [...(this.#runs.get(name) ?? []), cost]);
	}

	/** The median of each contestant's costs but the first, which warms up. */
	medians(): ReadonlyMap<string, Cost> {
		return new Map([...this.#runs].map(([name, [, ...costs]]) => [name, medianCost(costs)]));
	}
}

/** Runs the contestants in turn, `rounds` times each after one warm-up round; median cost of each. */
export async function sideBySide(
	contestants: Readonly<Record<string, () => unknown>>,
	rounds: number,
): Promise<ReadonlyMap<string, Cost>> {
	const costs = new Costs();
	for (let round = 0; round <= rounds; round++) {
		for (const [name, work] of Object.entries(contestants)) await costs.take(name, work);
	}
	return costs.medians();
}

function medianCost(costs: readonly Cost[]): Cost {
	const of = (part: keyof Cost) => median(costs.map((cost) => cost[part]));
	return { wallMs: of("wallMs"), cpuMs: of("cpuMs"), childrenMs: of("childrenMs") };
}

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Prints each contestant with its ratio to the first. `aims`: the highest ratio of processor time that is aimed at. */
export function report(
	title: string,
	costs: ReadonlyMap<string, Cost>,
	aims: Readonly<Record<string, number>> = {},
): void {
	console.log(`\n${title.padEnd(66)}     cpu            wall`);
	const [base] = costs.values();
	for (const [name, cost] of costs) {
		const ratio = base === undefined ? Number.NaN : cost.cpuMs / base.cpuMs;
		const wallRatio = base === undefined ? Number.NaN : cost.wallMs / base.wallMs;
		const parts = [
			`  ${name.padEnd(58)}`,
			`${number(cost.cpuMs)} ms ${ratio.toFixed(2).padStart(5)}x`,
			`${number(cost.wallMs)} ms ${wallRatio.toFixed(2).padStart(5)}x`,
			cost.childrenMs > 0 ? `children ${cost.childrenMs.toFixed(0)} ms` : "",
			name in aims ? judged(ratio, aims[name] ?? 0, "x") : "",
		];
		console.log(parts.join("  ").trimEnd());
	}
}

/** `aim: at most 2x, met`. */
export function judged(value: number, aim: number, unit: string): string {
	return `aim: at most ${aim}${unit}, ${value <= aim ? "met" : "MISSED"}`;
}

function number(value: number): string {
	return value.toFixed(1).padStart(8);
}

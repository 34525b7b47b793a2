import { median } from "../measure.ts";

/** How the results of the fleet's measurements are printed. */

export function title(text: string): void {
	console.log(`\n${text}`);
}

export function line(what: string, value: string): void {
	console.log(`  ${`${what}:`.padEnd(52)} ${value}`);
}

export function ms(value: number): string {
	return `${value.toFixed(0)} ms`;
}

export function percentiles(times: readonly number[]): string {
	return `p50 ${ms(median(times))}, p99 ${ms(percentile(times, 99))}`;
}

export function percentile(values: readonly number[], percent: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}

export function max(values: readonly number[]): number {
	return values.reduce((most, value) => Math.max(most, value), 0);
}

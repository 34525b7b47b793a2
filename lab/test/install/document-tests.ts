/** The commands of a document, each block a test of its own, with what has to be so before and after them. */
import { beforeEach, expect, test, vi } from "vitest";
import type { DocumentStep } from "../../src/index.ts";

/** What is tried around the blocks, by their place: `Install#1` is the first block below the heading "Install". */
export interface Around {
	readonly before?: Readonly<Record<string, () => void>>;
	readonly after?: Readonly<Record<string, () => void>>;
}

/**
 * For steps that build on each other, each of which may take an emulated guest long: what comes after one that failed
 * says nothing, and is skipped.
 */
export function stepByStep(timeout: number): void {
	vi.setConfig({ testTimeout: timeout, hookTimeout: timeout });
	let hasFailed = false;
	beforeEach(({ skip, onTestFailed }) => {
		skip(hasFailed, "a step before it failed");
		onTestFailed(() => {
			hasFailed = true;
		});
	});
}

/**
 * Registers a test for each step, in their order, which runs it. Places in `around` that the document lacks fail, so
 * that a heading with another name takes no check away.
 */
export function documentTests(
	steps: readonly DocumentStep[],
	runs: (step: DocumentStep, place: string) => Promise<void>,
	{ before = {}, after = {} }: Around,
): void {
	const places = placesOf(steps);
	test("the document has every place where something is looked at", () => {
		const looked = [...Object.keys(before), ...Object.keys(after)];
		expect(looked.filter((place) => !places.includes(place))).toEqual([]);
	});
	for (const [index, step] of steps.entries()) {
		const place = places[index] ?? "";
		before[place]?.();
		test(step.name, () => runs(step, place));
		after[place]?.();
	}
}

function placesOf(steps: readonly DocumentStep[]): readonly string[] {
	const counts = new Map<string, number>();
	return steps.map(({ section }) => {
		const count = (counts.get(section) ?? 0) + 1;
		counts.set(section, count);
		return `${section}#${count}`;
	});
}

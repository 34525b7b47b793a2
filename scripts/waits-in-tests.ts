/**
 * Tests must pass on a machine of any speed. They wait until something has happened, and before they claim that nothing
 * happened they let a loop complete a number of rounds. This check refuses three forms that depend on the speed:
 *
 * - a pause of a fixed time outside a loop: the test after it assumes that the time was long enough;
 * - an elapsed time in `expect`: it fails on a busy machine;
 * - a limit of a wait or a test that is shorter than the usual one: limits are only there to end a test that hangs.
 *
 * The lab is not checked: a test of a real guest sometimes has nothing but time to wait for.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The usual limits in milliseconds, as in vitest.config.ts: `expect.poll.timeout` and `testTimeout`. */
const usualLimits = { wait: 60_000, test: 180_000 } as const;

/** Every such form in the tests below `root`, one line of text each. Only reads files. */
export function checkWaitsInTests(root: string): string[] {
	const packages = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name, "test"));
	return [...packages, join(root, "scripts/test")]
		.flatMap(sourcesIn)
		.flatMap((path) =>
			badWaits(readFileSync(path, "utf8")).map(
				({ line, problem }) => `${relative(root, path)}:${line} ${problem}`,
			),
		);
}

interface BadWait {
	/** Counted from 1. */
	readonly line: number;
	readonly problem: string;
}

/** The bad forms in a source. It must be formatted: a block is indented further than its head. */
export function badWaits(source: string): BadWait[] {
	const lines = source.split("\n");
	return lines.flatMap((text, at) => {
		const problem = problemOf(text, () => isInLoop(lines, at));
		return problem === null ? [] : [{ line: at + 1, problem }];
	});
}

const pause = /\b(?:setTimeout\(\w+, |(?:await|void) (?:delay|sleep)\()[\d_]+\)/;
const elapsed = /\bexpect\(.*\b(?:Date|performance)\.now\(\) -/;
const limitOfTest =
	/^\t*\}, ([\d_]+)\);|^\t*(?:it|test|describe)\b.*\btimeout: ([\d_]+)|\b(?:test|hook)Timeout: ([\d_]+)(?:,| \})/;
const limitOfWait = /\btimeout: ([\d_]+)/;

function problemOf(text: string, isLooping: () => boolean): string | null {
	if (pause.test(text) && !isLooping()) return "pauses for a fixed time; wait for an event, or count rounds";
	if (elapsed.test(text)) return "checks an elapsed time; count the work instead";
	const ofTest = numberIn(limitOfTest.exec(text));
	const isShort =
		ofTest === null
			? isBelow(numberIn(limitOfWait.exec(text)), usualLimits.wait)
			: isBelow(ofTest, usualLimits.test);
	return isShort ? "has a shorter limit than usual, and fails on a busy machine" : null;
}

/** The first number that a pattern found; null when it found nothing. */
function numberIn(found: RegExpExecArray | null): number | null {
	const digits = found?.slice(1).find((group) => group !== undefined);
	return digits === undefined ? null : Number(digits.replaceAll("_", ""));
}

function isBelow(limitMs: number | null, usualMs: number): boolean {
	return limitMs !== null && limitMs < usualMs;
}

/** True when a line is in the head or body of a loop, within the same function. */
function isInLoop(lines: readonly string[], at: number): boolean {
	let indent = Number.POSITIVE_INFINITY;
	for (let above = at; above >= 0; above--) {
		const text = lines[above] ?? "";
		const own = text.length - text.trimStart().length;
		if (text.trim() === "" || own >= indent) continue;
		indent = own;
		if (/^\s*(?:\} )?(?:for|while|do)\b/.test(text)) return true;
		if (above < at && /=> \{$|\bfunction\b/.test(text)) return false;
	}
	return false;
}

function sourcesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((name) => /\.tsx?$/.test(name))
		.map((name) => join(folder, name));
}

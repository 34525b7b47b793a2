import { expect, test } from "vitest";
import { backoffMs, randomBelow } from "../../src/index.ts";

test("pauses double up to the longest, after any number of failures", () => {
	const limits = { firstMs: 200, longestMs: 10_000 };
	expect([1, 2, 3, 6, 7, 8].map((failures) => backoffMs(limits, failures))).toEqual([
		200, 400, 800, 6400, 10_000, 10_000,
	]);
	expect(backoffMs(limits, 5000)).toBe(10_000);
});

test("a random number is below its limit and reaches both ends", () => {
	const from = (...bytes: number[]) => ({ bytes: () => Uint8Array.from(bytes) });
	expect(randomBelow(3, from(0, 0, 0, 0))).toBe(0);
	expect(randomBelow(3, from(128, 0, 0, 0))).toBe(1);
	expect(randomBelow(3, from(255, 255, 255, 255))).toBe(2);
	expect(randomBelow(2 ** 32, from(255, 255, 255, 255))).toBe(2 ** 32 - 1);
	expect(randomBelow(2 ** 32, from(1, 2, 3, 4))).toBe(0x01020304);
});

import { JsonCounter } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Objects, lists, members and elements below a value. */
function valuesIn(value: unknown): number {
	if (typeof value !== "object" || value === null) return 0;
	return Object.values(value).reduce((sum: number, one) => sum + 1 + valuesIn(one), 0);
}

describe("values of JSON that are counted before it is parsed", () => {
	test("are never fewer than there are, and no more than one too many an object or list", () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const counter = new JsonCounter();
				expect(counter.exceeds(1_000_000, bytes(JSON.stringify(value)))).toBe(false);
				const [least, most] = [valuesIn(value), 2 * valuesIn(value) + 1];
				expect(counter.values).toBeGreaterThanOrEqual(least);
				expect(counter.values).toBeLessThanOrEqual(most);
			}),
		);
	});

	test("are the same however the text is cut", () => {
		fc.assert(
			fc.property(fc.json(), fc.nat(50), (text, size) => {
				const [whole, cut] = [new JsonCounter(), new JsonCounter()];
				const all = bytes(text);
				whole.exceeds(1_000_000, all);
				for (let at = 0; at < all.length; at += size + 1)
					cut.exceeds(1_000_000, all.subarray(at, at + size + 1));
				expect(cut.values).toBe(whole.values);
			}),
		);
	});

	test("are not those that a text only quotes", () => {
		const counter = new JsonCounter();
		counter.exceeds(100, bytes('["{[,\\"{[,\\\\",1]'));
		expect(counter.values).toBe(2);
	});

	test("are counted no further than it matters", () => {
		const counter = new JsonCounter();
		expect(counter.exceeds(10, bytes("[".repeat(1000)))).toBe(true);
		expect(counter.values).toBe(11);
		expect(counter.exceeds(10, bytes(""))).toBe(true);
	});
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromColumn, toColumn } from "../../src/documents/columns.ts";
import { sampleReport } from "./sample-report.ts";

const plenty = 1_000_000;
/** Through the text that is stored. */
const throughText = (values: readonly unknown[]) =>
	fromColumn(JSON.parse(JSON.stringify(toColumn(values))), { left: plenty });
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("lists as columns", () => {
	test("come back as they were, whatever JSON is in them", () => {
		fc.assert(
			fc.property(fc.array(fc.jsonValue()), (values) => {
				expect(throughText(values)).toEqual(asJson(values));
			}),
		);
	});

	test("come back as they were when they are alike", () => {
		const word = fc.constantFrom("active", "failed", "", "__proto__", "0");
		const path = fc.record({ dev: fc.string(), state: word, of: fc.option(fc.record({ portal: word })) });
		const map = fc.record({ name: word, groups: fc.array(fc.record({ paths: fc.array(path) })) });
		fc.assert(
			fc.property(fc.array(map, { maxLength: 40 }), (maps) => {
				expect(throughText(maps)).toEqual(asJson(maps));
			}),
		);
	});

	test("are told from the objects and lists that they hold", () => {
		const strange = [
			{ at: [0], values: ["x"] },
			{ each: [1], of: [] },
			{ fields: { a: [1] } },
			[],
			[[]],
			null,
		];
		expect(throughText(strange)).toEqual(strange);
		for (const one of strange) expect(throughText(Array(9).fill(one))).toEqual(Array(9).fill(one));
	});

	test("never reach the prototype of what they are read into", () => {
		const own = JSON.parse('[{"__proto__": 1, "a": 1}, {"__proto__": 2, "a": 2}]');
		expect(JSON.stringify(throughText(own))).toBe(JSON.stringify(own));
		expect(() => fromColumn({ fields: JSON.parse('{"__proto__": [{"a": 1}]}') }, { left: plenty })).toThrow(
			RangeError,
		);
	});

	test("are a small part of what they are written out", () => {
		const { maps } = sampleReport("n1", 500);
		expect(JSON.stringify(toColumn(maps)).length).toBeLessThan(JSON.stringify(maps).length / 4);
	});

	test.each([
		null,
		"x",
		{},
		{ values: [1], at: [1] },
		{ values: [1], at: [-1] },
		{ values: [1], at: [0.5] },
		{ values: [1], at: ["0"] },
		{ values: [1], at: ["length"] },
		{ each: [1, 1], of: [1] },
		{ each: [1], of: [1, 2] },
		{ each: [-1, 2], of: [1] },
		{ each: [1e9], of: [1] },
		{ each: [1] },
		{ fields: {} },
		{ fields: { a: [1], b: [1, 2] } },
		{ fields: { a: 1 } },
	])("that %j is not", (column) => {
		expect(() => fromColumn(column, { left: plenty })).toThrow(RangeError);
	});

	test("that say more than they are allowed to are refused, however short they are", () => {
		const value = { paths: Array(100).fill("sda") };
		const size = JSON.stringify(value).length;
		const column = { values: [value], at: Array(20).fill(0) };
		expect(fromColumn(column, { left: 20 * size })).toHaveLength(20);
		expect(() => fromColumn(column, { left: 20 * size - 1 })).toThrow(RangeError);
		const apart = { fields: { a: { each: Array(20).fill(1), of: column }, b: column } };
		expect(fromColumn(apart, { left: 40 * size })).toHaveLength(20);
		expect(() => fromColumn(apart, { left: 40 * size - 1 })).toThrow(RangeError);
	});
});

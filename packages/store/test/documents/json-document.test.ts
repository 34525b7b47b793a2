import { zstdCompressSync } from "node:zlib";
import { Type } from "typebox";
import { describe, expect, test } from "vitest";
import { jsonDocument } from "../../src/documents/json-document.ts";

const limits = { maxBytes: 1_000_000, maxValues: 1000 };
const document = jsonDocument(Type.Array(Type.Unknown()), limits);
const pack = (text: string) => zstdCompressSync(Buffer.from(text));
const objects = (count: number) => `[${Array.from({ length: count }, () => "{}").join(",")}]`;

test("a packed document of no more values than it may hold is read", () => {
	expect(document.decode("k", pack(objects(500)))).toHaveLength(500);
});

test.each([
	["too many values", pack(objects(501)), "more than 1000 values"],
	["too many values, however little text", pack("[".repeat(2000)), "more than 1000 values"],
	["too much text", pack(" ".repeat(1_000_001)), "more than 1000000 bytes"],
	["half of it", pack(objects(400)).subarray(0, 20), "does not unpack"],
	[
		"a window of 128 MB",
		zstdCompressSync(Buffer.alloc(2 ** 28), { params: { 101: 27 } }),
		"Frame requires too much",
	],
])("one with %s is refused before it is parsed", (_, value, problem) => {
	expect(() => document.decode("k", value)).toThrow(problem);
});

describe("what is written can be read", () => {
	const values: readonly (readonly [what: string, value: unknown[], isTaken: boolean])[] = [
		["as many values as there may be", Array.from({ length: 500 }, () => ({})), true],
		["a value more", Array.from({ length: 501 }, () => ({})), false],
		["as long a text as there may be", ["x".repeat(limits.maxBytes - 4)], true],
		["a byte more", ["x".repeat(limits.maxBytes - 3)], false],
		["a text that gets longer in UTF-8", ["\u00fc".repeat(limits.maxBytes / 2)], false],
	];

	test.each(values)("%s: writers and readers agree", (_, value, isTaken) => {
		const read = () => document.decode("k", pack(JSON.stringify(value)));
		const write = () => document.decode("k", document.encode(value));
		if (isTaken) {
			expect(read()).toEqual(value);
			expect(write()).toEqual(value);
		} else {
			expect(read).toThrow("more than");
			expect(write).toThrow(
				/^a document does not fit in the store: it .* more than \d+ (bytes|values).*smaller$/,
			);
		}
	});

	test.each([undefined, limits])("and is of its kind, with limits %j", (packed) => {
		const numbers = jsonDocument(Type.Object({ at: Type.Number() }), packed);
		expect(numbers.decode("k", numbers.encode({ at: 1 }))).toEqual({ at: 1 });
		for (const wrong of [{}, { at: Number.NaN }, { at: "1" }])
			expect(() => numbers.encode(wrong)).toThrow("a wrong form");
	});
});

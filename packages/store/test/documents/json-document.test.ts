import { zstdCompressSync } from "node:zlib";
import { Type } from "typebox";
import { expect, test } from "vitest";
import { jsonDocument } from "../../src/documents/json-document.ts";

const document = jsonDocument(Type.Array(Type.Unknown()), { maxBytes: 1_000_000, maxValues: 1000 });
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

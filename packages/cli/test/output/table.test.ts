import { describe, expect, test } from "vitest";
import { fittedTable, table } from "../../src/output/table.ts";
import { toldOnce } from "../../src/output/told-once.ts";
import { wrapped } from "../../src/output/wrap.ts";

const columns = [
	{ head: "NAME", cell: (row: Row) => row.name },
	{ head: "SIZE", cell: (row: Row) => row.size, align: "right" as const, drop: 2 },
	{ head: "NOTE", cell: (row: Row) => row.note, drop: 1 },
];
interface Row {
	readonly name: string;
	readonly size: string;
	readonly note: string;
}
const rows = [
	{ name: "\u001b[32ma\u001b[39m", size: "1 GiB", note: "" },
	{ name: "länger", size: "10 GiB", note: "x" },
];

describe("a table", () => {
	test("aligns what is seen, not what colours it, and ends no line in blanks", () => {
		expect(table(columns, rows)).toBe(
			"NAME      SIZE  NOTE\n\u001b[32ma\u001b[39m        1 GiB\nlänger  10 GiB  x\n",
		);
	});

	test("drops columns until it fits, those first that matter least, and tells which", () => {
		expect(fittedTable(columns, rows, 20).hidden).toEqual([]);
		expect(fittedTable(columns, rows, 19)).toEqual({
			text: "NAME      SIZE\n\u001b[32ma\u001b[39m        1 GiB\nlänger  10 GiB\n",
			hidden: ["NOTE"],
		});
		expect(fittedTable(columns, rows, 3).hidden).toEqual(["SIZE", "NOTE"]);
	});
});

test("sentences about several nodes are told once, in their first order, with at most five names", () => {
	expect(
		toldOnce(["n1: a: b", "n1: c", "n2: a: b", "all is lost", "n3: c", "n2: a: b", "the map is held: d"]),
	).toEqual(["n1, n2: a: b", "n1, n3: c", "all is lost", "the map is held: d"]);
	expect(toldOnce([1, 2, 3, 4, 5, 6].map((n) => `n${n}: x`))).toEqual(["n1, n2, n3, n4 and 2 more: x"]);
});

test("lines break between words at what is seen, and a word too long stays whole", () => {
	expect(wrapped("\u001b[32mab\u001b[39m cd ef", 5, "", "  ")).toBe("\u001b[32mab\u001b[39m cd\n  ef\n");
	expect(wrapped("abcdefgh i", 5, "", "  ")).toBe("abcdefgh\n  i\n");
});

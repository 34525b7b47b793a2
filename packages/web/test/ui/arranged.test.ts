import { expect, test } from "vitest";
import { arranged } from "../../src/ui/arranged.ts";

const rows = [
	{ name: "db", size: 3 },
	{ name: "Web", size: 1 },
	{ name: "backup-DB", size: 2 },
];
const columns = [
	{ head: "Name" },
	{ head: "Size", compare: (a: (typeof rows)[number], b: (typeof rows)[number]) => a.size - b.size },
];
const namesIn = (head: string | null, isDescending: boolean, text = "") =>
	arranged({ rows, columns, filter: { text, textOf: ({ name }) => name } }, { head, isDescending }).map(
		({ name }) => name,
	);

test("rows are in the order of the chosen column, and in their own where none can be compared", () => {
	expect(namesIn("Size", false)).toEqual(["Web", "backup-DB", "db"]);
	expect(namesIn("Size", true)).toEqual(["db", "backup-DB", "Web"]);
	expect(namesIn("Name", true)).toEqual(["db", "Web", "backup-DB"]);
	expect(namesIn(null, false)).toEqual(["db", "Web", "backup-DB"]);
});

test("the filter finds a text anywhere in a row, in any case, and all rows while it is empty", () => {
	expect(namesIn("Size", false, " dB ")).toEqual(["backup-DB", "db"]);
	expect(namesIn("Size", false, "nothing")).toEqual([]);
	expect(namesIn(null, false, "  ")).toHaveLength(3);
});

import fc from "fast-check";

const word = fc.constantFrom(
	...[
		"alias",
		"comment",
		"no-path-retry",
		"nodes",
		"polling-interval",
		"x",
		"é",
		"__proto__",
		"\0",
		'"',
		"}",
	],
	...["3600a0b", "defaults", "mpatha", "wwid", "#", "fail", "queue", "4"],
);
const blank = fc.constantFrom(" ", "\t", "  ", "\r", "\v", "");

const line = fc.oneof(
	fc.tuple(blank, word, blank, word, blank).map((parts) => parts.join("")),
	fc
		.tuple(fc.constantFrom("wwid", "defaults", "bogus"), fc.constantFrom(": ", ":", " : "), word)
		.map((parts) => parts.join("")),
	fc.tuple(fc.constantFrom("\t", " "), word, fc.constant(" "), word).map((parts) => parts.join("")),
	blank,
	fc.string({ maxLength: 12, unit: "binary" }),
	fc.constantFrom("#c", "\t# c", "wwid: 3600a", "defaults: defaults", "\tpolling-interval 5", "\talias a"),
);

/** Texts near the grammar and far from it: made of its own parts, mutated, and plain noise. */
export const sectionConfigText = fc.oneof(
	{
		weight: 6,
		arbitrary: fc
			.tuple(fc.array(fc.tuple(line, fc.constantFrom("\n", "\n\n", "\r\n")), { maxLength: 14 }), line)
			.map(([lines, last]) => lines.map((parts) => parts.join("")).join("") + last),
	},
	{ weight: 1, arbitrary: fc.string({ maxLength: 60, unit: "binary" }) },
);

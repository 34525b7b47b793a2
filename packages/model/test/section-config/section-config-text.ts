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

const sample = `# fleet
defaults: defaults
	polling-interval 5
	no-path-retry 12

wwid: 3600a
	alias db-log
	comment Oracle redo
	nodes n1,n2
	expected-paths 4
	failback immediate

wwid: 3600b
	deferred-remove
	future-key 1
`;

/** A sound file with up to five pieces of it taken out, doubled or replaced. */
const mutated = fc
	.array(
		fc.tuple(
			fc.nat(sample.length),
			fc.nat(8),
			fc.constantFrom(
				"",
				"\n",
				"\n\n",
				"\r\n",
				" ",
				"\t",
				":",
				"#",
				"\0",
				'"',
				"{",
				"}",
				"é",
				"wwid: 3600a\n",
				"x",
			),
		),
		{ maxLength: 5 },
	)
	.map((mutations) =>
		mutations.reduce(
			(text, [at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length),
			sample,
		),
	);

/** Texts near the grammar and far from it: made of its own parts, mutated, and plain noise. */
export const sectionConfigText = fc.oneof(
	{
		weight: 6,
		arbitrary: fc
			.tuple(fc.array(fc.tuple(line, fc.constantFrom("\n", "\n\n", "\r\n")), { maxLength: 14 }), line)
			.map(([lines, last]) => lines.map((parts) => parts.join("")).join("") + last),
	},
	{ weight: 4, arbitrary: mutated },
	{ weight: 1, arbitrary: fc.string({ maxLength: 60, unit: "binary" }) },
);

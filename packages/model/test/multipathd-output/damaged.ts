import fc from "fast-check";

/** Damages a text at random: bytes lost, doubled, replaced, lines moved, other texts put in. */
export function damaged(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
	const edit = fc.record({
		at: fc.double({ min: 0, max: 1, noNaN: true }),
		lost: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 400 })),
		put: fc.oneof(
			fc.constant(""),
			fc.string({ maxLength: 20 }),
			fc.string({ unit: "binary", maxLength: 10 }),
			fc.constantFrom(
				"\n",
				'"',
				"{",
				"}",
				"]",
				"[",
				",",
				"|- ",
				"`- ",
				"\u001B[1m",
				"\uFFFD",
				"\0",
				"\r\n",
				"multipathd> ",
			),
			fc.constantFrom(
				"Jun 01 12:00:00 | sdb: gone\n",
				"size=1.0G features='0' hwhandler='0' wp=rw\n",
				'{"maps": []}\n',
			),
		),
	});
	return fc.tuple(texts, fc.array(edit, { minLength: 1, maxLength: 4 })).map(([text, edits]) => {
		let result = text;
		for (const { at, lost, put } of edits) {
			const start = Math.floor(at * result.length);
			result = result.slice(0, start) + put + result.slice(start + lost);
		}
		return result;
	});
}

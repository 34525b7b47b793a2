import { type MultipathMap, mapsJsonReader, readMapsJson } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyMaps } from "./any-maps.ts";
import { asJson } from "./daemon-form.ts";
import { damaged } from "./damaged.ts";
import { recorded, releases } from "./recorded.ts";

/** A blank before the listing is no part of it, and sends the reader the long way, line by line. */
const readTheLongWay = (text: string) => readMapsJson(` ${text}`);
const begun = (text: string) => text.startsWith('{\n   "major_version": 0,\n');

const listings = fc.oneof(
	anyMaps({ odd: true, topology: false }, 3).map(asJson),
	anyMaps({ odd: false, topology: false }, 3).map(asJson),
	fc.constantFrom(...releases.map((release) => recorded(`out-${release}-t3`, "show maps json", 1))),
);

/** Lines of a listing doubled, moved, lost, or with a text put into them that looks like a member. */
function forged(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
	const put = fc.constantFrom(
		...[
			'", "chk_st" : "ready',
			'",\n            "chk_st" : "ready',
			'"},{"dev" : "sdz',
			'",',
			'"',
			"\\",
			"\r",
			"\u001B[1m",
		],
		...[
			'"\n            "pri" : 7',
			'",\n            "alias" : "x',
			'" ,',
			"\n",
			"\0",
			"multipathd> ",
			"-0",
			"00",
			"{",
			"]",
		],
	);
	const edit = fc.record({
		line: fc.nat(),
		what: fc.constantFrom("double", "lose", "move", "put", "put"),
		put,
	});
	return fc.tuple(texts, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([text, edits]) => {
		let lines = text.split("\n");
		for (const { line, what, put: inserted } of edits) {
			const at = line % lines.length;
			const here = lines[at] ?? "";
			if (what === "double") lines = lines.toSpliced(at, 0, here);
			else if (what === "lose") lines = lines.toSpliced(at, 1);
			else if (what === "move") lines = lines.toSpliced(at, 1).toSpliced((at * 7) % lines.length, 0, here);
			else lines[at] = here.replace(/"(?=,?$)/, `${inserted}"`);
		}
		return lines.join("\n");
	});
}

/** How many texts are tried; every run generates others. */
const tries = 3_000;

describe("a listing read the short way", { timeout: 600_000 }, () => {
	it(`says what it says line by line, also when it is forged or damaged, in ${tries} tries`, () => {
		fc.assert(
			fc.property(fc.oneof(listings, forged(listings), damaged(listings)), (text) => {
				fc.pre(begun(text));
				expect(readMapsJson(text)).toEqual(readTheLongWay(text));
			}),
			{ numRuns: tries },
		);
	});

	it("is that of every release whose answers were recorded", () => {
		for (const release of releases) {
			const text = recorded(`out-${release}-t3`, "show maps json", 1);
			const read = mapsJsonReader();
			const [first] = read(text).maps;
			expect(read(text.replace(/("name" : )"lun1"/, '$1"other"')).maps[0]).toBe(first);
		}
	});
});

describe("a daemon that is asked again", { timeout: 600_000 }, () => {
	it("gives the same reading for the same text, and another when retries last longer", () => {
		const text = recorded("out-sid-t3", "show maps json", 1).replace(
			'"queueing" : "on"',
			'"queueing" : "12 chk"',
		);
		const read = mapsJsonReader();
		const first = read(text, { pollingIntervalS: 5 });
		expect(read(`${text}`.slice(0), { pollingIntervalS: 5 })).toBe(first);
		expect(read(text, { pollingIntervalS: 2 }).maps[0]?.queueing).toEqual({ seconds: 24 });
		expect(first.maps[0]?.queueing).toEqual({ seconds: 60 });
	});

	it("gives the same map as long as its text is the same, wherever it stands in the listing", () => {
		fc.assert(
			fc.property(anyMaps({ odd: true, topology: false }, 4), (maps) => {
				const read = mapsJsonReader();
				const before = read(asJson(maps)).maps;
				const added: MultipathMap = { ...(maps[0] ?? fail()), name: "added", wwid: "3600added" };
				const after = read(asJson([added, ...maps.toReversed()])).maps;
				expect(after.slice(1).toReversed()).toEqual(before);
				for (const map of before) expect(after).toContain(map);
			}),
			{ numRuns: 200 },
		);
	});

	it("is read as if it were asked for the first time, whatever it said before", () => {
		const sequence = fc.array(fc.oneof(listings, forged(listings), damaged(listings)), {
			minLength: 2,
			maxLength: 6,
		});
		const doubled = fc
			.tuple(listings, fc.array(fc.constantFrom("again", "forged"), { maxLength: 4 }))
			.chain(([text, steps]) =>
				fc.tuple(...steps.map((step) => (step === "again" ? fc.constant(text) : forged(fc.constant(text))))),
			);
		fc.assert(
			fc.property(fc.oneof(sequence, doubled), (texts) => {
				const read = mapsJsonReader();
				for (const text of texts) expect(read(text)).toEqual(readMapsJson(text));
			}),
			{ numRuns: 1_000 },
		);
	});

	it("that lists one map twice is told so, again and again", () => {
		const map = fc.sample(anyMaps({ odd: false, topology: false }, 1), 1)[0]?.[0] ?? fail();
		const read = mapsJsonReader();
		const once = read(asJson([map]));
		const twice = read(asJson([map, map]));
		expect(once.problems).toEqual([]);
		expect(twice.problems).toEqual([`WWID '${map.wwid}' appears more than once`]);
	});
});

function fail(): never {
	throw new Error("there is at least one map");
}

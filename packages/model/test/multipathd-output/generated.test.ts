import {
	lunVerdict,
	type MultipathMap,
	type Reading,
	readMapsJson,
	readMapsRaw,
	readSaved,
	readTopology,
	verdictDocument,
	verdictExitCode,
} from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyMaps } from "./any-maps.ts";
import { asJson, asTopology } from "./daemon-form.ts";
import { damaged } from "./damaged.ts";
import { recorded } from "./recorded.ts";

const plain = { odd: false, topology: false };
const odd = { odd: true, topology: false };

describe("what multipathd prints is read back as it was", () => {
	it("from JSON, whatever names, products and target names hold", () => {
		fc.assert(
			fc.property(anyMaps(odd), (maps) => {
				const reading = readMapsJson(asJson(maps));
				expect(reading.maps).toEqual(maps);
				expect(reading.daemon).toBe("ok");
				expect(reading.problems).toEqual([]);
			}),
			{ numRuns: 300 },
		);
	});

	it("from a topology text", () => {
		fc.assert(
			fc.property(anyMaps({ odd: false, topology: true }), (maps) => {
				expect(readTopology(asTopology(maps))).toEqual({ daemon: "ok", problems: [], maps });
			}),
			{ numRuns: 300 },
		);
	});

	it("from JSON that another program printed anew", () => {
		fc.assert(
			fc.property(anyMaps(plain), fc.constantFrom(undefined, 2, "\t"), (maps, indent) => {
				const again: unknown = JSON.parse(asJson(maps));
				expect(readMapsJson(JSON.stringify(again, null, indent)).maps).toEqual(maps);
			}),
			{ numRuns: 100 },
		);
	});
});

/** The state of every map that a reading tells, by WWID. */
function statesOf(reading: Reading): Map<string, string> {
	return new Map(
		reading.maps.map(
			(map) => [map.wwid, lunVerdict({ map, expectedPaths: null, node: null }).state] as const,
		),
	);
}

/** What a cut text wrongly says: that it is whole, or of a map anything but what the whole text says or `unknown`. */
function liesOf(cut: Reading, told: ReadonlyMap<string, string>, mayBeOk: boolean): string[] {
	const lies = [...statesOf(cut)].filter(([wwid, state]) => state !== "unknown" && state !== told.get(wwid));
	const texts = lies.map(([wwid, state]) => `${wwid} is ${state}`);
	return cut.daemon === "ok" && !mayBeOk ? [...texts, "it is whole"] : texts;
}

/** All lies of a reader over every beginning of a text; `ends` are the lengths at which nothing is missing. */
function liesOfBeginnings(
	text: string,
	read: (beginning: string) => Reading,
	ends: ReadonlySet<number> = new Set(),
): string[] {
	const told = statesOf(read(text));
	const lies: string[] = [];
	for (let length = 0; length < text.trimEnd().length; length += 1) {
		const cut = read(text.slice(0, length));
		lies.push(...liesOf(cut, told, ends.has(length)).map((lie) => `${length}: ${lie}`));
	}
	return lies;
}

describe("a text that breaks off", { timeout: 600_000 }, () => {
	it("is never wholly read from JSON, at any byte, and no map of it looks better", () => {
		fc.assert(
			fc.property(anyMaps(odd, 2), (maps) => {
				expect(liesOfBeginnings(asJson(maps), readMapsJson)).toEqual([]);
			}),
			{ numRuns: 6 },
		);
	});

	it("is never wholly read from a topology, except between two maps, and no map of it looks better", () => {
		fc.assert(
			fc.property(anyMaps({ odd: true, topology: true }, 3), (maps) => {
				const between = maps.map((_, n) => asTopology(maps.slice(0, n + 1)).length);
				const ends = new Set(between.flatMap((length) => [length, length - 1]));
				expect(liesOfBeginnings(asTopology(maps), readTopology, ends)).toEqual([]);
			}),
			{ numRuns: 40 },
		);
	});

	it("is told for every byte of what real daemons answered", () => {
		for (const file of ["out-bookworm-t3", "out-trixie-t3", "out-sid-t3"]) {
			const text = recorded(file, "show maps json", 1);
			expect(readMapsJson(text).daemon).toBe("ok");
			expect(liesOfBeginnings(text, readSaved)).toEqual([]);
		}
	});

	it("gives an exit code that is neither 0 nor 1 as long as the reader knows", () => {
		const text = recorded("out-sid-t2", "show maps json");
		expect(verdictExitCode(verdictDocument(readSaved(text)))).toBe(0);
		const codes = new Set<number>();
		for (let length = 0; length < text.trimEnd().length; length += 1) {
			codes.add(verdictExitCode(verdictDocument(readSaved(text.slice(0, length)))));
		}
		expect([...codes]).toEqual([3]);
	});
});

function expectSound(reading: Reading): void {
	const document = verdictDocument(reading);
	const code = verdictExitCode(document);
	if (reading.daemon !== "ok") expect([2, 3]).toContain(code);
	if (reading.daemon === "unreadable") expect(reading.problems).not.toEqual([]);
	for (const map of document.maps) {
		if (map.state === "optimal") expect(map.paths.length).toBeGreaterThan(0);
		if (map.state === "optimal") {
			expect(map.paths.every(({ state }) => state === "usable" || state === "standby")).toBe(true);
		} else expect(map.reasons).not.toEqual([]);
	}
}

/** How many texts of each kind are tried; every run generates others. */
const tries = 4_000;

describe("hostile text", { timeout: 600_000 }, () => {
	const randomText = fc.oneof(
		fc.string({ maxLength: 200 }),
		fc.string({ unit: "binary", maxLength: 200 }),
		fc.string({ maxLength: 300, unit: fc.constantFrom(..."{}[]\",:\n |`-+_\\ 0:dm-1sdactiverunning='()") }),
		fc.json(),
	);

	it(`neither breaks nor deceives a reader, in ${tries} tries`, () => {
		fc.assert(
			fc.property(randomText, (text) => {
				expectSound(readMapsJson(text));
				expectSound(readTopology(text));
				expectSound(readSaved(text));
				expectSound(readMapsRaw(text, text));
			}),
			{ numRuns: tries },
		);
	});

	it(`made of ${tries} damaged JSON listings neither breaks nor deceives the reader`, () => {
		const texts = fc.oneof(
			anyMaps(odd, 2).map(asJson),
			fc.constant(recorded("out-sid-t3", "show maps json", 1)),
		);
		fc.assert(
			fc.property(damaged(texts), (text) => expectSound(readMapsJson(text))),
			{ numRuns: tries },
		);
	});

	it(`made of ${tries} damaged topologies neither breaks nor deceives the reader`, () => {
		fc.assert(
			fc.property(damaged(anyMaps({ odd: true, topology: true }, 2).map(asTopology)), (text) =>
				expectSound(readTopology(text)),
			),
			{ numRuns: tries },
		);
	});

	it("of the largest size neither breaks nor deceives a reader", () => {
		const size = 1024 * 1024;
		const texts = [
			"[".repeat(size),
			"{".repeat(size),
			'{"maps":['.repeat(size / 9),
			`{"maps":[${"{},".repeat(size / 3)}`,
			`{"maps":[${'"\\'.repeat(size / 2)}`,
			`{\n   "major_version": 0,\n   "maps": [{\n      "name" : "${'"'.repeat(size)}`,
			"| ".repeat(size / 2),
			"a (".repeat(size / 3),
			"x dm-0 a,b\n".repeat(size / 11),
			"|- 0:0:0:0 sda 8:0 active ready running\n".repeat(size / 40),
			"\u001B[".repeat(size / 2),
			"multipathd> ".repeat(size / 12),
			"|".repeat(size),
		];
		for (const text of texts) {
			for (const reading of [
				readSaved(text),
				readMapsJson(text),
				readTopology(text),
				readMapsRaw(text, text),
			]) {
				expectSound(reading);
				expect(verdictExitCode(verdictDocument(reading))).not.toBe(0);
			}
		}
	});
});

describe("a map that was told as healthy", () => {
	const healthy: fc.Arbitrary<MultipathMap[]> = anyMaps({ odd: false, topology: true }).map((maps) =>
		maps.map((map) => ({
			...map,
			groups: map.groups.map((group) => ({
				...group,
				paths: group.paths.map((path) => ({
					...path,
					dmState: "active",
					checkerState: "ready",
					deviceState: "running",
				})),
			})),
		})),
	);

	it("is optimal, and one path less than expected is not", () => {
		fc.assert(
			fc.property(healthy, (maps) => {
				for (const map of readTopology(asTopology(maps)).maps) {
					const count = map.groups.flatMap(({ paths }) => paths).length;
					const judge = (expectedPaths: number | null) =>
						lunVerdict({ map, expectedPaths, node: null }).state;
					expect(judge(null)).toBe("optimal");
					expect(judge(count)).toBe("optimal");
					expect(judge(count + 1)).toBe("degraded");
				}
			}),
			{ numRuns: 100 },
		);
	});
});

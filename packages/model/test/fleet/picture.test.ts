import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	applyDelta,
	deltaBetween,
	emptyPicture,
	fromBase64,
	JudgedFleet,
	nextPicture,
	nodeFacts,
	type Picture,
	packCell,
	pictureDocument,
	readPicture,
	toBase64,
	unpackCell,
} from "../../src/index.ts";
import { anySteps, type FleetStep } from "./any-fleet.ts";
import { allowed, configOf, failed, healthyMap, mapWith, node, pathTo } from "./fleet-of.ts";

function take(fleet: JudgedFleet, step: FleetStep): void {
	if (step.kind === "node") fleet.setNode(nodeFacts(step.view));
	else if (step.kind === "gone") fleet.removeNode(step.name);
	else fleet.setConfig(step.config, { configDigest: step.digest });
}

const problems = [null, null, null, "the store does not answer"];

describe("pictures of a fleet", () => {
	test("lead from one to the next by deltas, however they travel", () => {
		fc.assert(
			fc.property(anySteps, (steps) => {
				const fleet = new JudgedFleet();
				let picture = emptyPicture;
				let shown: Picture | null = emptyPicture;
				for (const [at, step] of steps.entries()) {
					take(fleet, step);
					const next = nextPicture(picture, fleet, fleet.judge(), problems[at % 4] ?? null);
					const delta = deltaBetween(picture, next);
					shown =
						delta === null || shown === null
							? readPicture(JSON.parse(JSON.stringify(pictureDocument(next, true))))
							: applyDelta(shown, JSON.parse(JSON.stringify(delta)));
					expect(shown).toEqual(next);
					picture = next;
				}
			}),
			{ numRuns: 1000 },
		);
	});

	test("are what is painted at once from the last state", () => {
		fc.assert(
			fc.property(anySteps, (steps) => {
				const fleet = new JudgedFleet();
				let picture = emptyPicture;
				for (const step of steps) {
					take(fleet, step);
					picture = nextPicture(picture, fleet, fleet.judge(), null);
				}
				const atOnce = nextPicture(emptyPicture, fleet, { judged: new Map(), reshaped: true }, null);
				expect({ ...picture, rev: 0 }).toEqual({ ...atOnce, rev: 0 });
			}),
			{ numRuns: 300 },
		);
	});

	test("stay the same one when nothing in them differs", () => {
		const fleet = new JudgedFleet();
		fleet.setConfig(configOf(allowed()), { configDigest: "d1" });
		fleet.setNode(nodeFacts(node("n1")));
		const picture = nextPicture(emptyPicture, fleet, fleet.judge(), null);
		fleet.setNode(nodeFacts(node("n1", { at: 1_800_000_000_000 })));
		expect(nextPicture(picture, fleet, fleet.judge(), null)).toBe(picture);
	});

	test("show everything as stale while the store cannot be read", () => {
		const fleet = new JudgedFleet();
		fleet.setConfig(configOf(allowed()), { configDigest: "d1" });
		fleet.setNode(nodeFacts(node("n1")));
		const picture = nextPicture(emptyPicture, fleet, fleet.judge(), null);
		const next = nextPicture(picture, fleet, fleet.judge(), "the store does not answer");
		expect([...picture.states, ...next.states].map(unpackCell)).toEqual([
			{ state: "optimal", settling: false, stale: false, last: null },
			{ state: "optimal", settling: false, stale: true, last: null },
		]);
	});

	test("have a column for a node that a LUN is meant for and that never joined", () => {
		const fleet = new JudgedFleet();
		fleet.setConfig(configOf(allowed({ nodes: ["n1", "n9"] })), { configDigest: "d1" });
		fleet.setNode(nodeFacts(node("n1")));
		const { nodes, states } = nextPicture(emptyPicture, fleet, fleet.judge(), null);
		expect(nodes.map((column) => [column.node, column.problem])).toEqual([
			["n1", null],
			["n9", "no agent of that name has ever reported"],
		]);
		expect(unpackCell(states[1] ?? 0).state).toBe("unknown");
	});

	test("send all bytes where a list of cells would be longer", () => {
		const fleet = new JudgedFleet();
		const wwids = Array.from({ length: 100 }, (_, at) => `36001405${at}`);
		fleet.setConfig(configOf(...wwids.map((wwid) => allowed({ wwid, alias: null }))), { configDigest: "d1" });
		fleet.setNode(nodeFacts(node("n1", { maps: wwids.map((wwid) => healthyMap(2, { wwid })) })));
		const picture = nextPicture(emptyPicture, fleet, fleet.judge(), null);
		const lame = wwids.map((wwid) => mapWith([pathTo(1), pathTo(2, failed)], { wwid }));
		fleet.setNode(nodeFacts(node("n1", { maps: lame })));
		const delta = deltaBetween(picture, nextPicture(picture, fleet, fleet.judge(), null));
		expect(delta?.cells).toEqual([]);
		expect(delta?.states?.length).toBe(136);
		expect(delta?.counts).toBeNull();
	});

	test("tell one path more or less where the state stays the same", () => {
		const fleet = new JudgedFleet();
		fleet.setConfig(configOf(allowed()), { configDigest: "d1" });
		fleet.setNode(nodeFacts(node("n1", { map: mapWith([pathTo(1), pathTo(2), pathTo(3, failed)]) })));
		const picture = nextPicture(emptyPicture, fleet, fleet.judge(), null);
		fleet.setNode(nodeFacts(node("n1", { map: mapWith([pathTo(1), pathTo(2, failed), pathTo(3, failed)]) })));
		const delta = deltaBetween(picture, nextPicture(picture, fleet, fleet.judge(), null));
		expect(delta?.cells).toEqual([]);
		expect(delta?.counts).toEqual([[0, 0, 1, 3]]);
	});

	test("leave numbers out unless they are asked for", () => {
		expect(pictureDocument(emptyPicture)).not.toHaveProperty("usable");
		expect(readPicture({ ...pictureDocument(emptyPicture), nodes: [], luns: [] })?.states.length).toBe(0);
	});

	test("refuse a delta of another picture", () => {
		const delta = {
			from: 7,
			rev: 8,
			problem: null,
			cells: [],
			states: null,
			counts: [],
			luns: [],
			nodes: [],
		};
		expect(applyDelta(emptyPicture, delta)).toBeNull();
	});

	test("refuse a document whose bytes are not as many as its cells", () => {
		expect(readPicture({ ...pictureDocument(emptyPicture), states: "AAAA" })).toBeNull();
	});
});

describe("the byte of a cell", () => {
	test("says state, settling and stale", () => {
		for (const state of ["optimal", "degraded", "failed", "missing", "unknown", "unmanaged"] as const) {
			for (const settling of [false, true]) {
				for (const stale of [false, true]) {
					const cell = { state, settling, stale, last: null };
					expect(unpackCell(packCell(cell))).toEqual(cell);
				}
			}
		}
	});

	test("says what was last known where nothing is known now", () => {
		for (const last of ["optimal", "degraded", "failed", "missing", "unknown", "unmanaged"] as const) {
			const cell = { state: "unknown", settling: false, stale: true, last } as const;
			expect(unpackCell(packCell(cell))).toEqual(cell);
		}
	});

	test("is 0 where the node has nothing to do with the LUN", () => {
		expect(packCell({ state: null, settling: true, stale: true, last: null })).toBe(0);
		expect(unpackCell(0).state).toBeNull();
	});

	test.each([7, 15, 32, 33, 66, 229, 255])("of %i, which nobody writes, is unknown", (byte) => {
		expect(unpackCell(byte).state).toBe("unknown");
	});
});

describe("base64", () => {
	test("gives back any bytes and is what others write", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 4000 }), (bytes) => {
				const text = toBase64(bytes);
				expect(text).toBe(Buffer.from(bytes).toString("base64"));
				expect(fromBase64(text)).toEqual(bytes);
			}),
		);
	});

	test.each(["A", "AA", "AAA", "A-AA", "=AAA", "A=AA", "====", "AÄAA"])("refuses '%s'", (text) => {
		expect(fromBase64(text)).toBeNull();
	});
});

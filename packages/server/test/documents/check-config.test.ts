import { type KnownNames, nothingKnown } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { growthProblem } from "../../../model/test/cost.ts";
import { configProblems, droppedLuns } from "../../src/documents/check-config.ts";
import { previewOf } from "../../src/documents/preview.ts";

const luns = (count: number, section: (n: number) => string) =>
	Array.from({ length: count }, (_, n) => section(n)).join("");
const sound = (n: number) => `wwid: w${n}\n\talias al${n}\n\n`;

const devices = (count: number, nameOf: (n: number) => string): KnownNames => ({
	wwids: Array.from({ length: count }, (_, n) => `seen${n}`),
	dmDevices: Array.from({ length: count }, (_, n) => ({ node: "n1", name: nameOf(n), wwid: null })),
});

const cases: Readonly<Record<string, (count: number) => { after: string; known: KnownNames }>> = {
	"that are all sound": (count) => ({ after: luns(count, sound), known: nothingKnown }),
	"of which each takes the name of a device": (count) => ({
		after: luns(count, sound),
		known: devices(count, (n) => `al${n}`),
	}),
	"whose WWIDs are names of devices": (count) => ({
		after: luns(count, sound),
		known: devices(count, (n) => `w${n}`),
	}),
	"whose aliases nodes see as WWIDs": (count) => ({
		after: luns(count, (n) => `wwid: w${n}\n\talias seen${n}\n\n`),
		known: devices(count, (n) => `x${n}`),
	}),
	"beside devices that all have one name": (count) => ({
		after: luns(count, (n) => `wwid: w${n}\n\talias same\n\n`),
		known: devices(count, () => "same"),
	}),
};

describe("28,000 LUNs", () => {
	const count = 28_000;

	test.each(Object.entries(cases))("%s are compared with everything in linear time", (_, make) => {
		const prepare = (size: number) => {
			const { after, known } = make(size);
			return () => [configProblems({ before: "", after, known }), droppedLuns(after, "")];
		};
		expect(growthProblem(prepare, count)).toBeNull();
	});

	test("are previewed on nodes in linear time", () => {
		const prepare = (size: number) => {
			const text = luns(size, sound);
			const node = { toolsVersion: "0.11.1", usedLuns: [], applied: 0, notes: [] };
			const input = {
				stored: { config: "", overrides: "" },
				proposed: { config: text, overrides: "" },
				known: nothingKnown,
				applied: [{ config: "", overrides: "" }],
				nodes: ["n1", "n2"].map((name) => ({ ...node, node: name })),
			};
			return () => previewOf(input);
		};
		expect(growthProblem(prepare, count)).toBeNull();
	});
});

test("each name that is taken is told with its place", () => {
	const known: KnownNames = {
		wwids: ["3seen"],
		dmDevices: [
			{ node: "n1", name: "vg0-data", wwid: null },
			{ node: "n1", name: "own", wwid: "w2" },
			{ node: "n2", name: "w3", wwid: null },
		],
	};
	const after =
		"wwid: w1\n\talias vg0-data\n\nwwid: w2\n\talias own\n\nwwid: w3\n\nwwid: w4\n\talias 3seen\n";
	expect(configProblems({ before: "", after, known })).toEqual([
		{
			line: 2,
			column: 8,
			severity: "error",
			text: "alias 'vg0-data' is the name of another device-mapper device on n1",
		},
		{
			line: 7,
			column: 1,
			severity: "error",
			text: "WWID w3 is the name of another device-mapper device on n2",
		},
		{ line: 10, column: 8, severity: "error", text: "alias '3seen' is the WWID of a LUN" },
	]);
});

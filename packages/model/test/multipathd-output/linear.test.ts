import { readSaved, verdictDocument } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { growthProblem } from "../cost.ts";

const map = [
	"mpatha (360050763008084e6e0000000000001a4) dm-3 IBM,2145",
	"size=100G features='0' hwhandler='1 alua' wp=rw",
	"`-+- policy='service-time 0' prio=50 status=active",
];
const oldMap = [
	"mpath1 (36006016035303900df9eaf55ec5bec11) dm-0 DGC,VRAID",
	"[size=1.0T][features=0][hwhandler=1 emc][rw]",
	"\\_ round-robin 0 [prio=1][active]",
	" \\_ 7:0:2:0 sdd 8:48 [active][ready]",
];

/** A text of about `size` characters: a head and one piece again and again. */
function textOf(size: number, piece: string, head: string): string {
	return head + piece.repeat(Math.ceil(size / piece.length));
}

const textPieces: readonly (readonly [string, string, string?])[] = [
	[
		"marked lines in a map that is open",
		"==> |- 1:0:0:1 sdb 8:16 failed faulty running\n",
		`${map.join("\n")}\n`,
	],
	["first lines without anything behind", `${map[0]}\n`],
	["brackets that open", "a (b "],
	["brackets in many lines", "a (((((((((((((((((((((((((((((((((( dm-1\n"],
	["words with blanks before properties", `${"1a ".repeat(300)}\nsize=1G features='0' hwhandler='0' wp=rw\n`],
	[
		"maps that are not drawn, with lines that belong to none",
		`${oldMap.join("\n")}\n\`\`\`\n \\_ 7:0:2:0 sdd 8:48 [a]\n`,
	],
	["the same map", `${oldMap.join("\n")}\n`],
	["fences", "```\n"],
	["log lines", "Jun 01 12:00:00 | sdb: 1:0:0:1 sdb 8:16 active\n"],
	[
		"documents of JSON between maps",
		`{"maps":[]}\n${map.join("\n")}\n  \`- 1:0:0:1 sdb 8:16 active ready running\n`,
	],
	["documents that do not end", '{"maps":[', `${map.join("\n")}\n`],
	["members that do not belong", '"dev_st" : "running",\n', `${map.join("\n")}\n`],
	["blanks", "                                  8:16"],
];

describe("a verdict on a long text", () => {
	const pieces = textPieces.map(([what, piece, head = ""]) => ({ what, piece, head }));

	it.each(pieces)("costs no more than on as much of short ones: $what", ({ piece, head }) => {
		const prepare = (size: number) => {
			const text = textOf(size, piece, head);
			return () => verdictDocument(readSaved(text));
		};
		expect(growthProblem(prepare, 512 * 1024)).toBeNull();
	});
});

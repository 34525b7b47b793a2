import { readSaved, readTopology, verdictDocument, verdictExitCode } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { expectedDocument } from "./expected.ts";
import { zoo } from "./topology-zoo.ts";

const whole = [
	"mpatha (360014050000000100005ca14ab180000) dm-3 IBM     ,2145",
	"size=20G features='0' hwhandler='1 alua' wp=rw",
	"|-+- policy='service-time 0' prio=50 status=active",
	"| |- 1:0:0:1 sdb 8:16 active ready running",
	"| `- 2:0:0:1 sdc 8:32 active ready running",
	"`-+- policy='service-time 0' prio=10 status=enabled",
	"  |- 1:0:1:1 sdd 8:48 active ready running",
	"  `- 2:0:1:1 sde 8:64 active ready running",
];
const judge = (lines: readonly string[]) => verdictDocument(readTopology(`${lines.join("\n")}\n`));

describe("topology texts of many releases and vendors", () => {
	it.each(zoo)("$what", ({ text, document }) => {
		expect(verdictDocument(readSaved(text))).toEqual(document);
		expect(verdictDocument(readSaved(text, { format: "topology" }))).toEqual(document);
	});

	it.each(zoo)(
		"$what, saved on Windows, without its last line end, or with a byte order mark",
		({ text, document }) => {
			expect(verdictDocument(readTopology(text.replaceAll("\n", "\r\n")))).toEqual(document);
			expect(verdictDocument(readTopology(`\uFEFF${text}\0`))).toEqual(document);
			const states = verdictDocument(readTopology(text.trimEnd())).maps.map(({ state }) => state);
			expect(states).toEqual(document.maps.map(({ state }) => state));
		},
	);
});

describe("a tree that does not fit its drawing", () => {
	it("is whole when every line is there", () => {
		expect(judge(whole)).toMatchObject({ daemon: "ok", problems: [], maps: [{ state: "optimal" }] });
	});

	it.each([
		["the last path of a group", 4, "a path is missing in its tree"],
		["the last path", 7, "a path is missing in its tree"],
		["the second group line", 5, "a path follows the last one of its group"],
		["the properties", 1, "a line is missing after its first"],
		["the first group line", 2, "a path is outside any path group"],
	])("is unknown when %s is lost", (_, index, problem) => {
		const document = judge(whole.toSpliced(index, 1));
		expect(document).toMatchObject({ daemon: "unreadable", maps: [{ state: "unknown" }] });
		expect(document.problems).toEqual([`map 'mpatha': ${problem}`]);
		expect(verdictExitCode(document)).toBe(3);
	});

	it("is unknown when its first line is lost, and has no name", () => {
		expect(judge(whole.slice(1))).toMatchObject({
			daemon: "unreadable",
			maps: [{ name: "", wwid: "", state: "unknown", paths: { length: 4 } }],
		});
	});

	it("is unknown when a line of it cannot be read", () => {
		const torn = whole.with(6, "  |- 1:0:1:1 sdd 8:48 acti");
		expect(judge(torn)).toMatchObject({ daemon: "unreadable", maps: [{ state: "unknown" }] });
		expect(judge(whole.with(6, "1:0:1:1 sdd 8:48 active ready running"))).toMatchObject({
			daemon: "unreadable",
			maps: [{ state: "unknown" }],
		});
	});

	it("keeps the verdict of the maps beside it", () => {
		const other = whole.with(0, "mpathb (360014050000000100005ca14ab180001) dm-4 IBM     ,2145");
		const document = judge([...whole.slice(0, -1), ...other]);
		expect(document.maps.map(({ name, state }) => [name, state])).toEqual([
			["mpatha", "unknown"],
			["mpathb", "optimal"],
		]);
		expect(document.daemon).toBe("unreadable");
	});

	it("leaves out a path that is no member, and says so", () => {
		const document = judge(whole.with(6, "  |- 1:0:1:1 sdd 8:48 undef ready running orphan"));
		expect(document.maps[0]?.paths.map(({ dev }) => dev)).toEqual(["sdb", "sdc", "sde"]);
		expect(document.problems).toEqual(["map 'mpatha': a path is listed that is not a member"]);
	});
});

describe("a line between those of a map", () => {
	const judged = (line: string) => judge(whole.toSpliced(4, 0, line)).maps.map(({ state }) => state);

	it.each([
		"...",
		"[snip]",
		"==> | `- 2:0:0:1 sdc 8:32 failed faulty running",
		"+| `- 2:0:0:1 sdc 8:32 failed faulty running",
		"Jun 01 12:00:00 | | `- 2:0:0:1 sdc 8:32 failed faulty running",
		"Jun 01 12:00:00 | error getting device 2:0:0:1",
		"Jun 01 12:00:00 | checker failed path sdc in map mpatha",
		"*** \\_ 2:0:0:1 sdc 8:32 [failed][faulty]",
		"```",
	])("makes it unknown: %j", (line) => {
		expect(judged(line)).toEqual(["unknown"]);
	});

	it.each(["", "Jun 01 12:00:00 | sdx: alua not supported", "1234.567890 | unloading tur checker"])(
		"is passed over, for no path can stand in it: %j",
		(line) => {
			expect(judged(line)).toEqual(["optimal"]);
		},
	);

	it("that shows a path behind its end makes it unknown, and one that does not is only told", () => {
		const behind = (line: string) => judge([...whole, line]);
		expect(behind("* 2:0:0:1 sdz 8:144 failed faulty running").maps[0]?.state).toBe("unknown");
		expect(behind("Why is one path failed?")).toMatchObject({ daemon: "ok", maps: [{ state: "optimal" }] });
	});
});

describe("a map without paths", () => {
	it.each([
		["a prompt", "[root@n1 ~]# "],
		["the mark that grep sets", "--"],
		["another map", whole.join("\n")],
	])("that names its product has lost them, also before %s", (_, behind) => {
		const [map] = judge([...whole.slice(0, 2), behind]).maps;
		expect(map).toMatchObject({ state: "unknown", paths: [] });
		expect(map?.reasons.join()).not.toContain("no path");
	});

	it("that names none has none, and may not show one that works", () => {
		const first = "mpatha (360014050000000100005ca14ab180000) dm-3 ##,##";
		expect(judge([first, whole[1] ?? ""]).maps[0]?.state).toBe("failed");
		expect(judge(whole.with(0, first)).maps[0]?.state).toBe("unknown");
	});
});

describe("a text with both listings", () => {
	const json = JSON.stringify({
		major_version: 0,
		maps: [{ name: "b", uuid: "3600b", dm_st: "active", path_groups: [] }],
	});

	it.each([
		["JSON behind", `${whole.join("\n")}\n${json}\n`],
		["JSON before", `${json}\n${whole.join("\n")}\n`],
	])("is read whole: %s", (_, text) => {
		const document = verdictDocument(readSaved(text));
		expect(document.maps.map(({ state }) => state).sort()).toEqual(["failed", "optimal"]);
		expect(verdictExitCode(document)).toBe(2);
	});

	it("is unreadable where one of them breaks off", () => {
		const text = `${whole.join("\n")}\n${json.slice(0, -20)}`;
		expect(verdictExitCode(verdictDocument(readSaved(text)))).toBe(3);
	});
});

describe("the end of a topology text", () => {
	it.each([
		"mpatha (360014050000000100005ca14ab180000) dm-3 IBM     ,2145",
		"360014050000000100005ca14ab180000 dm-3 IBM     ,2145",
		"1IET     00080001 dm-0 IET",
		whole.slice(0, 2).join("\n"),
		whole.slice(0, 3).join("\n"),
		whole.slice(0, 5).join("\n"),
	])("behind %j is no end of a map", (text) => {
		for (const ending of ["", "\n"]) {
			expect(verdictDocument(readTopology(text + ending))).toMatchObject({
				daemon: "unreadable",
				maps: [{ state: "unknown" }],
			});
		}
	});

	it("inside the next map's first line is noticed", () => {
		const text = `${whole.join("\n")}\nmpathb (36001405000`;
		expect(verdictDocument(readTopology(text))).toMatchObject({
			daemon: "unreadable",
			maps: [{ name: "mpatha", state: "optimal" }],
		});
	});
});

describe("expected paths", () => {
	it("make a map with fewer degraded, whatever its paths say", () => {
		const reading = readTopology(`${whole.join("\n")}\n`);
		expect(verdictDocument(reading, { expect: 4 }).maps[0]?.state).toBe("optimal");
		expect(verdictDocument(reading, { expect: 8 }).maps[0]).toMatchObject({
			state: "degraded",
			reasons: ["4 of 8 expected paths are there"],
		});
	});
});

describe("a WWID that appears twice", () => {
	it("is a problem, and both keep their verdict", () => {
		const twice = judge([...whole, ...whole]);
		expect(twice.daemon).toBe("ok");
		expect(twice.problems).toEqual(["WWID '360014050000000100005ca14ab180000' appears more than once"]);
		expect(twice.maps).toHaveLength(2);
	});
});

it("tells a listing without maps from one that was not read", () => {
	expect(verdictDocument(readTopology("ok\n"))).toEqual(expectedDocument([]));
	expect(readTopology("Jun 01 12:00:00 | DM multipath kernel driver not loaded\n").daemon).toBe("unreadable");
});

describe("a path line", () => {
	const judged = (line: string) =>
		verdictDocument(
			readTopology(
				`${whole.slice(0, 2).join("\n")}\n\`-+- policy='service-time 0' prio=1 status=active\n${line}\n`,
			),
		);

	it.each([
		["  `- sdb 8:16 active ready running", "sdb", null],
		["  `- 0:0:0:1 sdb 8:16 active ready running", "sdb", "0:0:0:1"],
		["  `- 0:0:0:1  sdb    8:16   active  ready  running   ", "sdb", "0:0:0:1"],
		["  `- 0.0.5678 dasda 94:0 active ready running", "dasda", null],
		["  `- 1:32769:1:1 nvme1n1 259:1 active ready live", "nvme1n1", "1:32769:1:1"],
		["`- 0:0:0:1 sdb 8:16 active ready running", "sdb", "0:0:0:1"],
		["  - 0:0:0:1 sdb 8:16 active ready running", "sdb", "0:0:0:1"],
	])("%j is read", (line, dev, hctl) => {
		expect(judged(line)).toMatchObject({
			daemon: "ok",
			maps: [{ state: "optimal", paths: [{ dev, hctl }] }],
		});
	});

	it.each([
		"  `- 0:0:0:1 sdb 8:16 active ready",
		"  `- 0:0:0:1 sdb 8:16 active i/o pending",
		"  `- 0:0:0:1 sdb",
		"  `- ",
		"  `",
		" \\_ 0:0:0:1 sdb 8:16 [active][rea",
	])("%j is not", (line) => {
		expect(judged(line)).toMatchObject({ daemon: "unreadable", maps: [{ state: "unknown" }] });
	});
});

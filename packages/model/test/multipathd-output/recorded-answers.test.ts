import {
	pathsOf,
	readMapsJson,
	readMapsRaw,
	readSaved,
	readTopology,
	verdictDocument,
	verdictExitCode,
} from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { expectedDocument } from "./expected.ts";
import { recorded, releases } from "./recorded.ts";

const wwid = "35000c5001500aa00";
const jsonOf = (release: string, nth: number) => recorded(`out-${release}-t3`, "show maps json", nth);

describe.each(releases)("what multipathd of Debian %s answered", (release) => {
	const t2 = `out-${release}-t2`;
	// The order in which the guest found its disks differs.
	const first = release === "trixie" ? "sdb" : "sda";

	it("for two healthy paths, as JSON", () => {
		const expected = expectedDocument([
			{
				wwid: wwid,
				vendor: "QEMU",
				product: "QEMU HARDDISK",
				state: "optimal",
				paths: [`1 ${first} - usable ready active running`, "2 sdc - usable ready active running"],
			},
		]);
		expect(verdictDocument(readSaved(recorded(t2, "show maps json")))).toEqual(expected);
		expect(verdictDocument(readSaved(recorded(t2, `show map ${wwid} json`)))).toEqual(expected);
	});

	it("for the same paths as a topology, with their addresses", () => {
		const json = readMapsJson(recorded(t2, "show maps json"));
		for (const command of ["show topology", "show maps topology", `show map ${wwid} topology`]) {
			const topology = readSaved(recorded(t2, command));
			expect(topology).toMatchObject({ daemon: "ok", problems: [] });
			const seen = topology.maps.flatMap(pathsOf);
			expect(seen.map(({ path }) => path.hctl)).toSatisfy((addresses: string[]) =>
				addresses.every((address) => /^[0-3]:0:0:0$/.test(address)),
			);
			expect(seen.map(({ group, path }) => [group, path.dev, path.checkerState])).toEqual(
				json.maps.flatMap(pathsOf).map(({ group, path }) => [group, path.dev, path.checkerState]),
			);
		}
	});

	it("for a map that it has forgotten while it is open: failed, and I/O queues", () => {
		const document = verdictDocument(readMapsJson(jsonOf(release, 0)));
		expect(document.daemon).toBe("ok");
		const forgotten = document.maps[0];
		expect(forgotten).toMatchObject({ wwid: wwid, vendor: null, state: "failed", paths: [] });
		expect(forgotten?.reasons[0]).toBe("the map has no path");
		expect(forgotten?.queueing).toBe(release === "sid" ? "off" : "forever");
	});

	it("with every path offline: one map queues forever, the other has given up", () => {
		const document = verdictDocument(readMapsJson(jsonOf(release, 1)));
		expect(document.problems).toEqual([]);
		expect(document.maps.map(({ name, state, queueing }) => [name, state, queueing])).toEqual([
			[wwid, "failed", "forever"],
			["lun1", "failed", "off"],
		]);
		expect(document.maps[0]?.reasons).toEqual([
			"all 2 paths failed",
			"I/O queues forever, until a path returns",
			expect.stringMatching(/^path sd[ab] failed: checker faulty, dm failed, device offline$/),
			"path sdc failed: checker faulty, dm failed, device offline",
		]);
		expect(document.maps[1]?.reasons[1]).toBe("I/O errors at once");
		expect(verdictExitCode(document)).toBe(2);
	});

	it.each([
		["bogus", "unreadable", "multipathd printed its help: it does not know the command"],
		["show map", "unreadable", "multipathd printed its help: it does not know the command"],
		["show bogus maps", "unreadable", "multipathd answered 'fail'"],
		["show map nosuch json", "unreadable", "multipathd answered 'fail'"],
		["show daemon", "unreadable", /^this is not a /],
	])("to '%s': no listing", (command, daemon, problem) => {
		const text =
			command === "bogus" || command === "show map"
				? `${recorded(t2, command).split("\n###")[0]}multipath-tools v0.9.4 (12/19, 2022)\nCLI commands reference:\n`
				: recorded(t2, command);
		for (const reading of [readSaved(text), readMapsJson(text), readTopology(text)]) {
			expect(reading).toMatchObject({ daemon, maps: [] });
			expect(reading.problems).toHaveLength(1);
			expect(reading.problems[0]).toMatch(problem);
		}
	});

	it("with an alias that is no JSON: the name is read whole", () => {
		const text = jsonOf(release, 3);
		// The recording keeps the first lines of this answer only.
		const [map] = readMapsJson(text.slice(0, text.indexOf('      "action"'))).maps;
		expect(map).toMatchObject({ name: 'we"ird a+b#c', wwid: wwid, whole: false });
		const closed = readMapsJson(jsonOf(release, 1).replaceAll('"lun1"', '"we"ird a+b#c"'));
		expect(closed).toMatchObject({
			daemon: "ok",
			problems: [],
			maps: [{ name: wwid }, { name: 'we"ird a+b#c' }],
		});
	});

	it("over iSCSI: initiator and target are told", () => {
		const text = recorded(`out-${release}-t4`, "show map 360000000000000000e00000000010001 json");
		const reading = readMapsJson(text);
		expect(reading.daemon).toBe("ok");
		expect(reading.maps.flatMap(pathsOf).map(({ path }) => path.transport)).toEqual(
			Array.from({ length: 2 }, () => ({
				protocol: "iscsi",
				initiator: "127.0.0.1",
				target: "iqn.2026-11.test:tgt",
				portal: null,
			})),
		);
	});
});

it("reads the raw listings of a map and its paths as the JSON", () => {
	const wildcards = (command: string) => [...command.matchAll(/%(.)/g)].map((match) => match[1] ?? "");
	const pick = (command: string, wanted: string): string => {
		const names = wildcards(command);
		const rows = recorded("out-trixie-t2", command).split("\n").slice(0, -1);
		const fields = rows.map((row) => row.split("|"));
		return fields
			.map(
				(row) =>
					`${wildcards(wanted)
						.map((name) => row[names.indexOf(name)] ?? "")
						.join("|")}\n`,
			)
			.join("");
	};
	const maps = pick(
		'show maps raw format "%n|%w|%d|%F|%Q|%N|%r|%t|%S|%f|%x|%h|%A|%0|%1|%2|%3|%4|%s|%v|%p|%e|%G|%g|%k|%Z|%%"',
		"%w|%d|%t|%N|%Q|%f|%h|%r|%F|%A|%v|%p|%e|%n",
	);
	const paths = pick(
		'show paths raw format "%w|%i|%d|%D|%t|%o|%T|%s|%c|%C|%p|%S|%z|%M|%m|%N|%n|%R|%r|%a|%G|%g|%0|%P|%I|%L|%A|%k"',
		"%w|%i|%d|%D|%t|%T|%o|%c|%p|%M|%R|%r|%a|%n|%m",
	);
	const raw = readMapsRaw(maps, paths);
	const json = readMapsJson(recorded("out-trixie-t2", "show maps json"));
	expect(raw).toMatchObject({ daemon: "ok", problems: [] });
	const flat = (reading: typeof raw) =>
		reading.maps.map((map) => ({
			...map,
			groups: pathsOf(map).map(({ path }) => ({ ...path, hctl: null })),
		}));
	expect(flat(raw)).toEqual(flat(json));
	expect(pathsOf(raw.maps[0] ?? json.maps[0] ?? expect.fail()).map(({ path }) => path.hctl)).toEqual([
		"0:0:0:0",
		"1:0:0:0",
	]);
});

describe("a path that multipathd set aside", () => {
	it("is impaired in JSON, and its map degraded", () => {
		const text = recorded("out-sid-t2", "show maps json").replace(
			'"marginal_st" : "normal"\n         }]\n      },{',
			'"marginal_st" : "marginal"\n         }]\n      },{',
		);
		const [map] = verdictDocument(readMapsJson(text)).maps;
		expect(map).toMatchObject({
			state: "degraded",
			reasons: ["path sda is impaired: set aside as marginal: it must not be relied on"],
			paths: [{ state: "impaired" }, { state: "usable" }],
		});
	});

	it("is unknown with its map when the line that says so is lost", () => {
		const text = recorded("out-sid-t2", "show maps json");
		const line = text.split("\n").indexOf('            "marginal_st" : "normal"');
		const lost = text.split("\n").toSpliced(line, 1).join("\n");
		expect(verdictDocument(readMapsJson(lost)).maps[0]?.state).toBe("unknown");
	});

	it("is impaired with its whole group", () => {
		const text = recorded("out-sid-t2", "show maps json").replace(
			'"marginal_st" : "normal",\n         "group" : 2',
			'"marginal_st" : "marginal",\n         "group" : 2',
		);
		expect(verdictDocument(readMapsJson(text)).maps[0]?.paths[1]?.state).toBe("impaired");
	});

	it("cannot be told in a topology, which shows two usable paths", () => {
		const text = recorded("out-sid-t7", "show maps topology", 0);
		expect(verdictDocument(readTopology(text)).maps[0]?.state).toBe("optimal");
	});
});

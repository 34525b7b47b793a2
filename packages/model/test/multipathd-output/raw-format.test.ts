import { lunVerdict, rawMapFormat, rawPathFormat, readMapsRaw } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";

const wwid = "360014050000000100005ca14ab180000";
const mapLine = `${wwid}|dm-0|active|2|12 chk|1 queue_if_no_path|1 alua|rw|immediate|create|LIO-ORG|disk0|4.0|`;
const path = (dev: string, name: string, state = "active|ready|running") =>
	`${wwid}|1:0:0:1|${dev}|8:16|${state}|tur|50|normal|[undef]|[undef]|10.0.0.1|iqn.2026-01.test:a|${name}\n`;
const read = (maps: string, paths: string) => {
	const reading = readMapsRaw(maps, paths);
	const states = reading.maps.map((map) => lunVerdict({ map, expectedPaths: null, node: null }).state);
	return { ...reading, states };
};

describe("raw listings", () => {
	it("are asked for with formats that fit into one command", () => {
		for (const format of [rawMapFormat, rawPathFormat]) {
			expect(`show paths raw format "${format}"`.length).toBeLessThan(512);
			expect(format).not.toMatch(/%$|"/);
		}
	});

	it("are joined by the map that a path names; its paths stand in one group", () => {
		const reading = read(
			`${mapLine}db "log"\n`,
			path("sda", 'db "log"') + path("sdb", 'db "log"') + path("sdc", "[orphan]"),
		);
		expect(reading).toMatchObject({ daemon: "ok", problems: [], states: ["optimal"] });
		expect(reading.maps[0]).toMatchObject({
			name: 'db "log"',
			wwid: wwid,
			dm: "dm-0",
			vendor: "LIO-ORG",
			queueing: { seconds: 60 },
			groups: [
				{
					number: 1,
					dmState: null,
					priority: null,
					paths: [{ dev: "sda", hctl: "1:0:0:1" }, { dev: "sdb" }],
				},
			],
		});
	});

	it("of a daemon without maps, or that does not answer", () => {
		expect(readMapsRaw("ok\n", "ok\n")).toEqual({ daemon: "ok", problems: [], maps: [] });
		expect(readMapsRaw("timeout\n", path("sda", "x")).daemon).toBe("silent");
		expect(readMapsRaw(`${mapLine}x\n`, "fail\n").daemon).toBe("unreadable");
		expect(readMapsRaw(`${mapLine}x\n`, "").daemon).toBe("silent");
	});
});

describe("a value that holds the separator", () => {
	it("in a map's name makes that map unknown, and keeps its identity", () => {
		const reading = read(`${mapLine}a|b\n`, path("sda", "a|b"));
		expect(reading).toMatchObject({
			daemon: "unreadable",
			states: ["unknown"],
			maps: [{ wwid: wwid, name: wwid }],
		});
		expect(reading.problems[0]).toMatch(/^a map row has 15 fields instead of 14/);
	});

	it("in a path's target makes its map unknown, not healthier", () => {
		const hostile = path("sdb", "m", "failed|faulty|offline").replace("iqn.2026-01.test:a", "x|active|ready");
		const reading = read(`${mapLine}m\n`, path("sda", "m") + path("sdc", "m") + hostile);
		expect(reading).toMatchObject({ daemon: "unreadable", states: ["unknown"] });
	});

	it("where nobody can tell whose row it is makes every map unknown", () => {
		const reading = read(`${mapLine}m\n`, `${path("sda", "m") + path("sdb", "m")}what|is this\n`);
		expect(reading).toMatchObject({ daemon: "unreadable", states: ["unknown"] });
	});
});

describe("rows that are missing", () => {
	it("are noticed when the map counts more usable paths than are listed", () => {
		expect(read(`${mapLine}m\n`, path("sda", "m"))).toMatchObject({
			daemon: "unreadable",
			states: ["unknown"],
			problems: ["map 'm': 2 usable paths, 1 listed"],
		});
	});

	it("are noticed when the text ends inside a row", () => {
		const paths = path("sda", "m") + path("sdb", "m");
		for (let length = path("sda", "m").length + 1; length < paths.length; length += 1) {
			expect(read(`${mapLine}m\n`, paths.slice(0, length))).toMatchObject({
				daemon: "unreadable",
				states: ["unknown"],
			});
		}
	});

	it("are noticed when a path names a map that is not listed", () => {
		const other = path("sdc", "other").replace(wwid, "36001405ffff");
		const reading = read(`${mapLine}m\n`, path("sda", "m") + path("sdb", "m") + other);
		expect(reading).toMatchObject({ daemon: "unreadable", states: ["optimal"] });
	});
});

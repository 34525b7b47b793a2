import { emptyPicture, JudgedFleet, nextPicture, nodeFacts, type Report } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { exposition } from "../../src/metrics/exposition.ts";
import { metricsText } from "../../src/metrics/metrics.ts";
import { type Failing, type ReportedSize, reportOf, wwidOf } from "../reported-fleet.ts";

const size: ReportedSize = { nodes: 2, luns: 2, paths: 4 };

interface Told {
	readonly failing?: Failing;
	readonly offline?: readonly string[];
	readonly problem?: string | null;
	readonly changes?: Partial<Report>;
	readonly alias?: string;
}

function told({
	failing = () => false,
	offline = [],
	problem = null,
	changes = {},
	alias = "data",
}: Told = {}) {
	const fleet = new JudgedFleet();
	const luns = [0, 1].map((lun) => ({
		wwid: wwidOf(lun),
		alias: `${alias}-${lun}`,
		comment: null,
		expectedPaths: 4,
		nodes: null,
		settings: {},
	}));
	fleet.setConfig({ defaults: {}, luns }, { configDigest: "d1" });
	for (const node of ["n1", "n2"]) {
		const report = { ...reportOf(node, size, "d1", failing), ...changes };
		fleet.setNode(nodeFacts({ node, online: !offline.includes(node), report, problem: null }));
	}
	const picture = nextPicture(emptyPicture, fleet, fleet.judge(), problem);
	return { fleet, picture };
}

/** Samples by name and labels. */
function samples(text: string): Map<string, number> {
	const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
	return new Map(
		lines.map((line) => [
			line.slice(0, line.lastIndexOf(" ")),
			Number(line.slice(line.lastIndexOf(" ") + 1)),
		]),
	);
}

const brief = { full: false, node: null };
const full = { full: true, node: null };
const n1Loses = { failing: ({ node, lun, path }) => node === "n1" && lun === 0 && path < 2 } satisfies Told;

describe("metrics of a fleet", () => {
	test("count LUNs by state and paths by use", () => {
		const found = samples(metricsText(told(n1Loses), brief));
		const lun = `{wwid="${wwidOf(0)}",alias="data-0"}`;
		expect(found.get('pathkeeper_luns{state="optimal"}')).toBe(1);
		expect(found.get('pathkeeper_luns{state="degraded"}')).toBe(1);
		expect(found.get(`pathkeeper_lun_state${lun}`)).toBe(1);
		expect(found.get(`pathkeeper_lun_paths_usable${lun}`)).toBe(6);
		expect(found.get(`pathkeeper_lun_paths_expected${lun}`)).toBe(8);
		expect(found.get('pathkeeper_node_paths_usable{node="n1"}')).toBe(6);
		expect(found.get('pathkeeper_node_luns{node="n2",state="optimal"}')).toBe(2);
		expect(found.get("pathkeeper_store_readable")).toBe(1);
	});

	test.each([
		["degraded", 2, 4],
		["failed", 4, 2],
	])("of a LUN that was %s on a node are no better after the node went silent", (was, failed, after) => {
		const failing: Failing = ({ node, lun, path }) => node === "n1" && lun === 0 && path < failed;
		const before = samples(metricsText(told({ failing }), brief));
		const found = samples(metricsText(told({ failing, offline: ["n1"] }), brief));
		expect(before.get(`pathkeeper_luns{state="${was}"}`)).toBe(1);
		expect(found.get('pathkeeper_luns{state="optimal"}')).toBe(0);
		expect(found.get(`pathkeeper_lun_state{wwid="${wwidOf(0)}",alias="data-0"}`)).toBe(after);
		expect(found.get(`pathkeeper_lun_state{wwid="${wwidOf(1)}",alias="data-1"}`)).toBe(4);
		expect(found.get('pathkeeper_node_luns{node="n1",state="unknown"}')).toBe(2);
	});

	test("count no path of a node that is away as usable", () => {
		const found = samples(metricsText(told({ offline: ["n2"] }), full));
		const lun = `{wwid="${wwidOf(0)}",alias="data-0"}`;
		expect(found.get(`pathkeeper_lun_paths_usable${lun}`)).toBe(4);
		expect(found.get(`pathkeeper_lun_paths_expected${lun}`)).toBe(8);
		expect(found.get(`pathkeeper_lun_nodes_unknown${lun}`)).toBe(1);
		expect(found.get('pathkeeper_node_online{node="n2"}')).toBe(0);
		expect(found.get(`pathkeeper_lun_on_node_state{node="n2",wwid="${wwidOf(0)}",alias="data-0"}`)).toBe(4);
		expect([...found.keys()].filter((key) => /dmmultipath.*"n2"/.test(key))).toEqual([]);
	});

	test("are nothing but the word that they cannot be read while the store cannot", () => {
		const found = samples(metricsText(told({ problem: "the store does not answer" }), full));
		expect([...found]).toEqual([
			["pathkeeper_store_readable", 0],
			["pathkeeper_series_left_out", 0],
		]);
	});

	test("have the names of node_exporter for each map, with the node", () => {
		const found = samples(metricsText(told(n1Loses), { full: true, node: "n1" }));
		const map = '{node="n1",device="lun-0",sysfs_name="dm-0"}';
		const names = ["paths", "paths_active", "paths_failed", "active", "size_bytes"];
		expect(names.map((name) => found.get(`node_dmmultipath_device_${name}${map}`))).toEqual([
			4,
			2,
			2,
			1,
			1024 ** 4,
		]);
		const info = `node_dmmultipath_device_info{node="n1",device="lun-0",sysfs_name="dm-0",uuid="mpath-${wwidOf(0)}"}`;
		expect(found.get(info)).toBe(1);
		expect([...found.keys()].some((key) => key.includes('"n2"'))).toBe(false);
	});

	test("leave out every LUN on every node unless asked", () => {
		expect(metricsText(told(), brief)).not.toContain("dmmultipath");
	});

	test("let no text of a target end its quotes or its line", () => {
		const hostile = 'x"} 1\npathkeeper_store_readable 7\n\\';
		const [first] = reportOf("n1", size, "d1", () => false).maps;
		const maps = first === undefined ? [] : [{ ...first, name: hostile }];
		const text = metricsText(told({ changes: { maps }, alias: hostile }), full);
		for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
			expect(line).toMatch(/^[a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)*\})? -?[0-9.e+]+$/);
		}
		expect(samples(text).get("pathkeeper_store_readable")).toBe(1);
	});

	test("say how many series are left out where there are too many", () => {
		const many = Array.from({ length: 5 }, (_, at) => ({ labels: { n: String(at) }, value: at }));
		const text = exposition(
			[
				{ name: "a", help: "b", samples: many },
				{ name: "c", help: "d", samples: many },
			],
			6,
		);
		expect(samples(text).size).toBe(7);
		expect(samples(text).get("pathkeeper_series_left_out")).toBe(4);
	});
});

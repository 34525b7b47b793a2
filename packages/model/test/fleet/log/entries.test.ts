import { describe, expect, test } from "vitest";
import { causesOf } from "../../../src/fleet/log/causes.ts";
import { configEntry, draft } from "../../../src/index.ts";

const change = { at: 1000, by: "jane@local", from: "10.0.0.3" };
const multipath = (before: string, after: string | null) =>
	configEntry({ ...change, name: "multipath.cfg", before, after });

describe("the entry of a change of the configuration", () => {
	test("says who did what to which LUN", () => {
		const lun = "wwid: 36001405a\n\talias data\n";
		expect(multipath("", lun)).toMatchObject({
			kind: "config",
			event: "changed",
			text: "multipath.cfg: allowed LUN data (36001405a)",
			luns: ["36001405a"],
			by: "jane@local",
			from: "10.0.0.3",
			at: 1000,
		});
		expect(multipath(lun, "").text).toBe("multipath.cfg: forgot LUN data (36001405a)");
		expect(multipath(lun, `${lun}\tno-path-retry 12\n`).text).toBe(
			"multipath.cfg: LUN data (36001405a): no-path-retry set to 12",
		);
	});

	test("lists several changes below each other", () => {
		const before = "defaults: defaults\n\tpolling-interval 5\n\nwwid: 36001405a\n\talias data\n";
		const after = "defaults: defaults\n\tpolling-interval 10\n\nwwid: 36001405a\n\talias logs\n";
		const entry = multipath(before, after);
		expect(entry.text).toBe("multipath.cfg: 2 changes");
		expect(entry.details).toEqual([
			"defaults: polling-interval 10 (was 5)",
			"LUN logs (36001405a): alias logs (was data)",
		]);
	});

	test("says when a document was taken away, or only its comments changed", () => {
		expect(multipath("wwid: 36001405a\n", null)).toMatchObject({ event: "removed" });
		expect(multipath("", "# hello\n").text).toBe("multipath.cfg: comments or order");
	});

	test("names the storages that changed", () => {
		const before = "dir: local\n\tpath /srv\n\nlvm: fast\n\tvgname vg0\n";
		const after = "dir: local\n\tpath /data\n\nmultipath: san\n";
		const entry = configEntry({ ...change, name: "storage.cfg", before, after });
		expect(entry.details).toEqual(["changed dir local", "removed lvm fast", "added multipath san"]);
	});

	test("tells the size of overrides", () => {
		const entry = configEntry({ ...change, name: "multipath-overrides.conf", before: "", after: "a\nb" });
		expect(entry.text).toBe("multipath-overrides.conf: 2 lines (were 0)");
	});
});

describe("causes", () => {
	const spot = (node: string, port: string) => ({ node, port, paths: 1, luns: new Set(["a"]) });

	test("are one where too many things happen at once", () => {
		const spots = Array.from({ length: 10 }, (_, at) => spot(`n${at}`, `p${at}`));
		expect(causesOf(spots)).toHaveLength(1);
		expect(causesOf(spots)[0]?.paths).toBe(10);
	});

	test("are as many as explain what happened, where they are few", () => {
		expect(causesOf([spot("n1", "a"), spot("n2", "b")])).toHaveLength(2);
		expect(causesOf([spot("n1", "a"), spot("n2", "a"), spot("n3", "a")])).toHaveLength(1);
	});
});

test("an entry stays small whatever it is about", () => {
	const many = Array.from({ length: 10_000 }, (_, at) => `${at}`);
	const said = { kind: "lun", event: "failed", severity: "error", text: "x".repeat(10_000) } as const;
	const entry = draft(1, { ...said, nodes: many, luns: many, ports: many, details: many });
	expect([entry.nodes, entry.luns, entry.ports, entry.details].map(({ length }) => length)).toEqual([
		1000, 5000, 64, 20,
	]);
	expect(entry.text).toHaveLength(500);
});

import { readMapsJson, readSaved, verdictDocument, verdictExitCode } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { recorded } from "./recorded.ts";

const healthy = recorded("out-sid-t2", "show maps json");
const judge = (text: string) => {
	const document = verdictDocument(readSaved(text));
	return { ...document, code: verdictExitCode(document) };
};

describe("a JSON listing among other text", () => {
	it("is read behind the warnings that 0.15 prints", () => {
		const warnings = [
			"Warning: The unit file, source configuration file or drop-ins of multipathd.service changed on disk.",
			'1234.567890 | /etc/multipath.conf line 7, deprecated option "rr_min_io" is ignored',
			"/etc/multipath.conf line 8: {invalid} keyword: [x]",
		];
		const document = judge(`${warnings.join("\n")}\n${healthy}`);
		expect(document).toMatchObject({ daemon: "ok", code: 0, maps: [{ state: "optimal" }] });
		expect(document.problems).toEqual([
			"3 lines around the listing not read, first " +
				"'Warning: The unit file, source configuration file or drop-ins of multipathd.service changed on disk.'",
		]);
	});

	it("is read before log lines, with prompts, colours, line ends of Windows and a trailing NUL", () => {
		expect(judge(`multipathd> show maps json\n${healthy}multipathd> \n`)).toMatchObject({
			daemon: "ok",
			problems: [],
		});
		expect(judge(`\u001B[1m${healthy.replaceAll("\n", "\r\n")}\u001B[0m\0`)).toMatchObject({
			daemon: "ok",
			problems: [],
			code: 0,
		});
		expect(judge(`${healthy}Jun 01 12:00:00 | sdb: fail timeout\n`)).toMatchObject({ daemon: "ok", code: 0 });
	});

	it("is not mistaken for a failure because of the words in it", () => {
		const text = healthy.replaceAll('"35000c5001500aa00"', '"fail timeout not running"');
		expect(judge(text)).toMatchObject({
			daemon: "ok",
			code: 0,
			maps: [{ name: "fail timeout not running" }],
		});
	});

	it("is one of several documents", () => {
		const second = healthy.replaceAll("35000c5001500aa00", "35000c5001500aa01");
		expect(judge(healthy + second).maps.map(({ wwid }) => wwid)).toEqual([
			"35000c5001500aa00",
			"35000c5001500aa01",
		]);
	});
});

describe("a value that multipathd does not escape", () => {
	it("cannot pass for a member: a target's name does not make its path healthy", () => {
		const hostile = healthy
			.replace('"chk_st" : "ready"', '"chk_st" : "faulty"')
			.replace('"target_wwnn" : "[undef]"', '"target_wwnn" : "iqn.x", "chk_st" : "ready"');
		expect(() => JSON.parse(hostile)).not.toThrow();
		expect(judge(hostile)).toMatchObject({
			daemon: "ok",
			maps: [{ state: "degraded", paths: [{ state: "failed" }, {}] }],
		});
	});

	it("is kept as it is: quotes, backslashes, brackets, replacement characters", () => {
		for (const name of [
			'we"ird',
			"we\\x22ird\\x20a+b#c",
			"a\\nb",
			'", "x" : "',
			"}]}",
			"{[",
			"K\uFFFDln",
			"日本",
			"a,",
		]) {
			const text = healthy.replace('"name" : "35000c5001500aa00"', `"name" : "${name}"`);
			expect(judge(text)).toMatchObject({ daemon: "ok", problems: [], maps: [{ name, state: "optimal" }] });
		}
	});

	it("that doubles a member by a line of its own makes the map unknown", () => {
		const doubled = healthy.replace(
			'"chk_st" : "ready",',
			'"chk_st" : "faulty",\n            "chk_st" : "ready",',
		);
		expect(judge(doubled)).toMatchObject({ daemon: "unreadable", code: 3, maps: [{ state: "unknown" }] });
		const again: unknown = JSON.parse(healthy);
		const compact = JSON.stringify(again).replace('"chk_st":"ready",', '"chk_st":"faulty","chk_st":"ready",');
		expect(judge(compact)).toMatchObject({ daemon: "unreadable", code: 3, maps: [{ state: "unknown" }] });
	});
});

describe("a listing in which something is missing", () => {
	it.each(["name", "uuid", "dm_st", "path_groups", "dev_st", "chk_st", "dev"])(
		"'%s' makes the map unknown",
		(member) => {
			const lines = healthy.split("\n");
			const index = lines.findIndex((line) => line.includes(`"${member}"`));
			const text =
				member === "path_groups"
					? healthy.replace('"path_groups"', '"path_troops"')
					: lines.toSpliced(index, 1).join("\n");
			const document = judge(text);
			expect(document).toMatchObject({ daemon: "unreadable", code: 3, maps: [{ state: "unknown" }] });
			expect(document.problems.join("\n")).toContain(`'${member}' is missing`);
		},
	);

	it("such as a state that nobody knows makes the map unknown", () => {
		expect(judge(healthy.replace('"dm_st" : "active"', '"dm_st" : "undef"'))).toMatchObject({
			daemon: "unreadable",
			maps: [{ state: "unknown" }],
		});
	});

	it("keeps the maps that were read whole", () => {
		const two = recorded("out-sid-t3", "show maps json", 1);
		const cut = two.slice(0, two.lastIndexOf('"dm_st"'));
		const document = judge(cut);
		expect(document.maps.map(({ state }) => state)).toEqual(["failed", "unknown"]);
		expect(document).toMatchObject({
			daemon: "unreadable",
			code: 2,
			problems: ["map 'lun1': the text breaks off inside it", "the text breaks off before the listing ends"],
		});
	});
});

describe("a suspended map", () => {
	it("is degraded: I/O is held", () => {
		const text = healthy.replace('"dm_st" : "active"', '"dm_st" : "suspend"');
		expect(judge(text).maps[0]).toMatchObject({
			state: "degraded",
			reasons: ["the map is suspended: I/O is held"],
		});
	});
});

describe("a text that is no listing", () => {
	it.each([
		["", "silent"],
		[" \n\t\n", "silent"],
		["\0", "silent"],
		["timeout\n", "silent"],
		["fail\ntimeout\n", "silent"],
		["multipathd: not running\n", "silent"],
		["multipathd is not running\n", "silent"],
		["connect: Connection refused\n", "silent"],
		["error -1 receiving packet\n", "silent"],
		["error receiving packet\n", "silent"],
		["timeout receiving packet\n", "silent"],
		["ux_socket_connect: No such file or directory\n", "silent"],
		["ERROR: failed to connect to multipathd\n", "silent"],
		["fail\n", "unreadable"],
		["fail", "unreadable"],
		["fail\ndevice not found\n", "unreadable"],
		["permission deny: need to be root\n", "unreadable"],
		["fail\npermission deny: need to be root\n", "unreadable"],
		["fail\nmultipath-tools v0.4.7 (03/12, 2006)\nCLI commands reference:\n list|show paths\n", "unreadable"],
		["<!DOCTYPE html><html><body>404 not running</body></html>\n", "unreadable"],
		['{"error": "timeout"}\n', "unreadable"],
		["[]\n", "unreadable"],
		["null\n", "unreadable"],
		['{"maps": {}}', "unreadable"],
		['{"maps": "none"}', "unreadable"],
		['{"maps": [1]}', "unreadable"],
		['{"maps": [{}]}', "unreadable"],
		['{"map": []}', "unreadable"],
		["blacklisted\n", "unreadable"],
		["pid 489 idle\n", "unreadable"],
		["\u0000\u0001\u0002\uFFFD\uFFFD", "unreadable"],
	])("%j is %s", (text, daemon) => {
		const document = judge(text);
		expect(document.daemon).toBe(daemon);
		expect(document.code).toBe(3);
		expect(document.problems).not.toEqual([]);
		expect(readSaved(text, { format: "json" }).daemon).toBe(daemon);
		expect(readSaved(text, { format: "topology" }).daemon).toBe(daemon);
	});

	it.each([
		"ok\n",
		"ok",
		'{\n   "major_version": 0,\n   "minor_version": 1,\n   "maps": []\n}\n',
		'{"maps":[]}',
	])("but %j is a daemon without maps", (text) => {
		expect(judge(text)).toMatchObject({ daemon: "ok", problems: [], maps: [], code: 0 });
	});

	it("among log lines is still what it says", () => {
		const log = "1234.567890 | /etc/multipath.conf line 7: deprecated option\n";
		expect(judge(`${log}ok\n`)).toMatchObject({ daemon: "ok", maps: [], code: 0 });
		expect(judge(`${log}timeout\n`)).toMatchObject({ daemon: "silent", code: 3 });
		expect(judge(`${log}fail\n`)).toMatchObject({ daemon: "unreadable", code: 3 });
		expect(judge(log)).toMatchObject({ daemon: "unreadable", code: 3 });
	});

	it("in the wrong one of the two formats is unreadable", () => {
		expect(readSaved(healthy, { format: "topology" }).daemon).toBe("unreadable");
		expect(readSaved(recorded("out-sid-t2", "show topology"), { format: "json" }).daemon).toBe("unreadable");
	});
});

describe("how long I/O queues", () => {
	const queueing = (word: string, features: string, pollingIntervalS?: number) =>
		readMapsJson(
			healthy
				.replace('"queueing" : "-"', `"queueing" : "${word}"`)
				.replace('"features" : "0"', `"features" : "${features}"`),
			pollingIntervalS === undefined ? {} : { pollingIntervalS },
		).maps[0]?.queueing;

	it("is the daemon's word, in seconds where it counts", () => {
		expect(queueing("on", "1 queue_if_no_path")).toBe("forever");
		expect(queueing("off", "0")).toBe("off");
		expect(queueing("off", "1 queue_if_no_path")).toBe("off");
		expect(queueing("12 chk", "1 queue_if_no_path")).toEqual({ seconds: 60 });
		expect(queueing("12 chk", "1 queue_if_no_path", 2)).toEqual({ seconds: 24 });
		expect(queueing("7 sec", "1 queue_if_no_path", 2)).toEqual({ seconds: 7 });
	});

	it("is the kernel's feature where no_path_retry is not set", () => {
		expect(queueing("-", "0")).toBe("off");
		expect(queueing("-", "1 queue_if_no_path")).toBe("forever");
		expect(queueing("-", "3 queue_if_no_path queue_mode mq")).toBe("forever");
		expect(queueing("-", "2 queue_mode mq")).toBe("off");
	});

	it("is not known from a word that nobody knows", () => {
		expect(queueing("sometimes", "0")).toBeNull();
	});
});

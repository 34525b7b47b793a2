import { describe, expect, test } from "vitest";
import { configFindings } from "../../src/config/config-findings.ts";
import type { AllowedLun } from "../../src/config/fleet-config.ts";

type Settings = Readonly<Record<string, string>>;

function lun(name: string, settings: Settings): AllowedLun {
	return { wwid: `3600${name}`, alias: null, comment: null, expectedPaths: null, nodes: null, settings };
}

function findings(defaults: Settings, ...luns: readonly AllowedLun[]) {
	return configFindings({ defaults, luns });
}

describe("the configuration alone tells", () => {
	test.each([{ "no-path-retry": "queue" }, { features: "1 queue_if_no_path" }])(
		"a LUN that queues for ever: %j",
		(settings) => {
			expect(findings({}, lun("a", settings))).toMatchObject([
				{
					code: "queues-forever",
					severity: "warning",
					subject: "3600a",
					text: expect.stringContaining("LUN 3600a holds I/O for ever"),
				},
			]);
		},
	);

	test("a default that queues for ever", () => {
		expect(findings({ "no-path-retry": "queue" })).toMatchObject([
			{ code: "queues-forever", subject: "no-path-retry" },
		]);
	});

	test("that no-path-retry comes before the feature", () => {
		expect(findings({}, lun("a", { features: "1 queue_if_no_path", "no-path-retry": "fail" }))).toEqual([]);
	});

	test.each([
		["12", undefined, "about 60 s (12 checks, one every 5 s)"],
		["12", "10", "about 2 min (12 checks, one every 10 s)"],
		["30", "30", "about 15 min (30 checks, one every 30 s)"],
		["5000", undefined, "about 6.9 h"],
		["500000", undefined, "about 28.9 days"],
	])("how long no-path-retry %s holds I/O at a polling interval of %s", (retry, interval, text) => {
		const defaults = interval === undefined ? {} : { "polling-interval": interval };
		expect(findings(defaults, lun("a", { "no-path-retry": retry }))).toMatchObject([
			{ code: "queues-for", severity: "info", subject: "3600a", text: expect.stringContaining(text) },
		]);
	});

	test("the same time of many LUNs once", () => {
		const luns = ["a", "b", "c", "d"].map((name) => lun(name, { "no-path-retry": "6" }));
		expect(findings({}, ...luns)).toMatchObject([
			{ subject: "no-path-retry", text: expect.stringMatching(/For 3600a, 3600b and 2 more\.$/) },
		]);
	});

	test("nothing of LUNs that give errors at once", () => {
		expect(findings({ "no-path-retry": "fail" }, lun("a", { "no-path-retry": "0" }))).toEqual([]);
	});

	test("that maps queue without the daemon", () => {
		expect(findings({ "queue-without-daemon": "yes" })).toMatchObject([{ code: "queues-without-daemon" }]);
	});

	test("outdated keywords, with what took their place", () => {
		expect(findings({ "delay-wait-checks": "3" }, lun("a", { "delay-wait-checks": "3" }))).toEqual([
			{
				code: "deprecated-keyword",
				severity: "info",
				subject: "delay-wait-checks",
				text: "delay-wait-checks is outdated: use san-path-err-recovery-time (defaults, 3600a).",
			},
		]);
	});

	test("a test for marginal paths that lacks one of its four settings", () => {
		const three = {
			"marginal-path-err-sample-time": "120",
			"marginal-path-err-rate-threshold": "5",
			"marginal-path-err-recheck-gap-time": "60",
		};
		expect(findings(three)).toMatchObject([{ code: "marginal-incomplete", severity: "warning" }]);
		expect(findings({ ...three, "marginal-path-double-failed-time": "60" })).toEqual([]);
		expect(findings({ ...three, "marginal-path-double-failed-time": "no" })).toHaveLength(1);
	});
});

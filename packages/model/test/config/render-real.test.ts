import { describe, expect, test } from "vitest";
import { expectedEffective } from "../../src/config/expected-effective.ts";
import { renderNode } from "../../src/config/render-node.ts";
import { keyOfKeyword, readSetting, type SettingPlace, settableKeywords } from "../../src/config/settable.ts";
import { differences } from "../../src/multipath-conf/differences.ts";
import { readEffective } from "../../src/multipath-conf/effective-conf.ts";
import { type Keyword, knownIn } from "../../src/multipath-conf/keywords.ts";
import { multipathT } from "./multipath-t.ts";

/** The release that is installed where the tests run. */
const installed = "0.9.4";

/** The program `multipath` sets these two for itself, unlike the daemon (multipath/main.c). */
const ownOfTheProgram = /^defaults: (?:force_sync|retrigger_tries) should be/;

/** Values of a keyword that may be stored: the ends of its range and every word. */
function values(keyword: Keyword): readonly string[] {
	const { type } = keyword;
	const tries = (() => {
		switch (type.kind) {
			case "yesno":
				return ["yes", "no"];
			case "integer":
				return [`${type.min}`, `${type.max}`, ...type.words];
			case "off-int":
				return ["no", "0", `${type.min}`, `${type.max}`];
			case "enum":
				return type.words.map(({ word }) => word);
			case "argstr":
				return ["0", "service-time 0", "round-robin 0", "1 queue_if_no_path", "2 pg_init_retries 50"];
			case "string":
				return ["5 a .* b", "-part", "x"];
			default:
				return [];
		}
	})();
	return tries.filter(
		(value) => !("problem" in readSetting(keyword, value)) && knownIn(keyword, installed, value),
	);
}

function configOf(place: SettingPlace, settings: Readonly<Record<string, string>>) {
	const lun = { wwid: "3600", alias: "db-log", comment: null, expectedPaths: null, nodes: null };
	return {
		defaults: place === "defaults" ? settings : {},
		luns: [{ ...lun, settings: place === "multipaths" ? settings : {} }],
	};
}

describe.each(["defaults", "multipaths"] as const)("the real multipath takes from %s", (place) => {
	const keywords = settableKeywords(place).filter((keyword) => knownIn(keyword, installed));
	const rounds = Math.max(...keywords.map((keyword) => values(keyword).length));

	test("every keyword that can be set has values to try", () => {
		expect(keywords.filter((keyword) => values(keyword).length === 0).map(({ name }) => name)).toEqual([]);
		expect(rounds).toBeGreaterThan(2);
	});

	test.each(Array.from({ length: rounds }, (_, round) => round))(
		"all settings at once, in their value %i",
		(round) => {
			const settings = Object.fromEntries(
				keywords.map((keyword) => {
					const tries = values(keyword);
					return [keyOfKeyword(keyword), tries[round % tries.length] ?? ""];
				}),
			);
			const rendered = renderNode({
				config: configOf(place, settings),
				overrides: "",
				toolsVersion: installed,
				node: "n1",
			});
			const real = multipathT(rendered.files);
			expect(real).toMatchObject({ status: 0, complaints: [] });
			const differs = differences(expectedEffective(rendered, installed), readEffective(real.printed));
			expect(differs.filter((text) => !ownOfTheProgram.test(text))).toEqual([]);
		},
	);
});

test("the real multipath takes overrides of a newer release without a complaint", () => {
	const overrides = [
		"# of array A",
		"devices {",
		"\tdevice {",
		'\t\tvendor "^ACME$"',
		'\t\tproduct "ONE|TWO"',
		"\t\tno_path_retry 7",
		"\t\tpurge_disconnected yes",
		"\t\tpath_grouping_policy group_by_tpg",
		"\t}",
		"}",
		"overrides {",
		"\tprotocol {",
		'\t\ttype "scsi:fcp"',
		"\t\tdev_loss_tmo 70",
		"\t}",
		"\tfast_io_fail_tmo 9",
		"}",
		"blacklist {",
		'\tdevnode "^sdzz"',
		"}",
	].join("\n");
	const rendered = renderNode({
		config: configOf("defaults", {}),
		overrides,
		toolsVersion: installed,
		node: "n1",
	});
	expect(rendered.findings.map(({ code }) => code)).toEqual(["unknown-keyword", "unknown-keyword"]);
	const real = multipathT(rendered.files);
	expect(real).toMatchObject({ status: 0, complaints: [] });
	const held = readEffective(real.printed);
	expect(differences(expectedEffective(rendered, installed), held)).toEqual([]);
	expect(held.devices.find(({ vendor }) => vendor === "^ACME$")?.settings).toMatchObject({
		no_path_retry: "7",
	});
	expect(held.protocols).toMatchObject([{ type: "scsi:fcp", settings: { dev_loss_tmo: "70" } }]);
});

test("the real multipath takes every kind of name that a LUN may have", () => {
	const names = ["3600a", "0QEMU_QEMU_HARDDISK_AB+C.D_E:F_G", "t10.#A=1@b", "eui.0025-38", "x".repeat(127)];
	const luns = names.map((wwid, index) => ({
		...{ wwid, comment: null, expectedPaths: null, nodes: null, settings: {} },
		alias: index === 0 ? null : `A.b_c-${index}`,
	}));
	const rendered = renderNode({
		config: { defaults: {}, luns },
		overrides: "",
		toolsVersion: installed,
		node: "n1",
	});
	const real = multipathT(rendered.files);
	expect(real).toMatchObject({ status: 0, complaints: [] });
	const held = new Map(
		readEffective(real.printed).multipaths.map(({ wwid, settings }) => [wwid, settings["alias"] ?? null]),
	);
	expect(held).toEqual(new Map(luns.map(({ wwid, alias }) => [wwid, alias])));
});

test("the real multipath complains where the rules are broken, so that its silence means something", () => {
	const real = multipathT([
		{ name: "x.conf", text: 'defaults {\n\tno_path_retry "soon"\n\tnonsense 1\n}\n' },
	]);
	expect(real.complaints).toEqual([
		expect.stringMatching(/x\.conf line 2, invalid value for no_path_retry/),
		expect.stringMatching(/x\.conf line 3, invalid keyword/),
	]);
});

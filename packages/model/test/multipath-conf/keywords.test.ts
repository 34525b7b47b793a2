import { describe, expect, it } from "vitest";
import { checkValue } from "../../src/multipath-conf/check-value.ts";
import { effectiveConf } from "../../src/multipath-conf/effective-conf.ts";
import {
	type Keyword,
	keywordNamed,
	keywords,
	knownIn,
	spelledFor,
} from "../../src/multipath-conf/keywords.ts";
import { regexProblem } from "../../src/multipath-conf/posix-regex.ts";
import { refusalOf, refusals } from "../../src/multipath-conf/refusals.ts";
import { compareToolsVersions } from "../../src/multipath-conf/tools-version.ts";

function named(name: string): Keyword {
	const keyword = keywordNamed(name);
	if (keyword === null) throw new Error(`no keyword ${name}`);
	return keyword;
}

describe("the table of keywords", () => {
	it("names each keyword once a section", () => {
		const places = keywords.flatMap(({ name, sections }) => sections.map((section) => `${section} ${name}`));
		expect(new Set(places).size).toBe(places.length);
	});

	it("takes its own defaults", () => {
		const wrong = keywords.filter(
			(keyword) =>
				keyword.default !== null &&
				refusalOf(keyword.name, "any") === null &&
				checkValue(keyword, keyword.default) !== null,
		);
		expect(wrong.map(({ name }) => name)).toEqual([]);
	});

	it("finds a keyword by either spelling, and by section where a name has two meanings", () => {
		expect(keywordNamed("no-path-retry")).toBe(keywordNamed("no_path_retry"));
		expect(keywordNamed("wwid")?.sections).toEqual(["multipaths"]);
		expect(keywordNamed("wwid", "blacklist")?.type.kind).toBe("regex");
		expect(keywordNamed("alias", "defaults")).toBeNull();
		expect(keywordNamed("constructor")).toBeNull();
	});

	it("knows what a release acts on", () => {
		expect(knownIn(named("auto_resize"), "0.9.4")).toBe(false);
		expect(knownIn(named("auto_resize"), "0.11.1-2")).toBe(true);
		expect(knownIn(named("rr_weight"), "0.14.5")).toBe(true);
		expect(knownIn(named("rr_weight"), "0.15.0")).toBe(false);
		expect(knownIn(named("path_grouping_policy"), "0.9.4", "group_by_tpg")).toBe(false);
	});

	it("spells flush_on_last_del as a release does", () => {
		const keyword = named("flush_on_last_del");
		expect(spelledFor(keyword, "yes", "0.9.4")).toBe("yes");
		expect(spelledFor(keyword, "yes", "0.11.1")).toBe("always");
		expect(spelledFor(keyword, "never", "0.9.4")).toBe("no");
		expect(spelledFor(named("auto_resize"), "never", "0.9.4")).toBeNull();
	});

	it("orders versions by number", () => {
		const versions = ["0.15.1", "0.9.4-3+deb12u2", "v0.11.1", "0.9.10", "0.11.1-2"];
		expect(versions.toSorted(compareToolsVersions)).toEqual([
			"0.9.4-3+deb12u2",
			"0.9.10",
			"v0.11.1",
			"0.11.1-2",
			"0.15.1",
		]);
	});
});

describe("a value", () => {
	it.each([
		["polling-interval", "0"],
		["polling-interval", "-1"],
		["polling-interval", "5s"],
		["polling-interval", "05"],
		["polling-interval", ""],
		["polling-interval", "4294967295"],
		["max_polling_interval", "2147483648"],
		["partition_delimiter", "/"],
		["partition_delimiter", "/UNSET/"],
		["verbosity", "5"],
		["uxsock_timeout", "3999"],
		["no_path_retry", "-3"],
		["dev_loss_tmo", "12x"],
		["failback", "0"],
		["path_grouping_policy", "failover-ish"],
		["find_multipaths", "Strict"],
		["path_selector", "service-time"],
		["path_selector", "service-time 1"],
		["path_selector", "../x 0"],
		["features", "2 queue_mode"],
		["features", "1 queue_if_no_path"],
		["features", "2 pg_init_retries 51"],
		["hardware_handler", "1 evil"],
		["path_checker", "/tmp/x"],
		["prio", "../../tmp/x"],
		["prio_args", 'a"b'],
		["prio_args", "a\nb"],
		["prio_args", "é"],
		["prio_args", "x".repeat(600)],
		["reservation_key", "0xzz"],
		["reservation_key", "0"],
		["enable_foreign", "["],
		["alias", "dm-3"],
		["alias", "mpatha"],
		["alias", "a/b"],
		["wwid", "a..b"],
		["uid", "0"],
		["getuid_callout", "/bin/sh"],
	])("of %s may not be %j", (name, value) => {
		expect(checkValue(named(name), value)).not.toBeNull();
	});

	it.each([
		["polling-interval", "1"],
		["no-path-retry", "queue"],
		["no-path-retry", "12"],
		["dev_loss_tmo", "infinity"],
		["fast_io_fail_tmo", "off"],
		["path_selector", "historical-service-time 2 1 5"],
		["features", "4 pg_init_retries 50 queue_mode bio"],
		["hardware_handler", "1 alua"],
		["prio_args", "exclusive_pref_bit"],
		["reservation_key", "0x123abc:aptpl"],
		["uid_attribute", ""],
		["uid_attrs", "sd:ID_SERIAL nvme:ID_WWN"],
		["wwid", "0QEMU_QEMU_HARDDISK_AB+C.D_E:F_G"],
		["alias", "db-log"],
	])("of %s may be %j", (name, value) => {
		expect(checkValue(named(name), value)).toBeNull();
	});
});

describe("a regular expression", () => {
	it.each([
		"[",
		"(",
		"*",
		"+",
		"a\\",
		"a{",
		"a{2,1}",
		"[z-a]",
		"[[:nix:]]",
		"^*",
		"a|*",
		"(*a)",
		"\\1",
		"a{99999}",
	])("%s is refused by glibc", (pattern) => {
		expect(regexProblem(pattern)?.refusedBy).toBe("glibc");
	});

	it.each(["(a{999}){999}", "((a{99}){99}){99}", "(a)\\1"])("%s is refused by us", (pattern) => {
		expect(regexProblem(pattern)?.refusedBy).toBe("pathkeeper");
	});
});

describe("the list of refusals", () => {
	it("is what the documentation says", async () => {
		const rows = refusals.map(({ what, names, where, reason }) => {
			const keywords = names.length === 0 ? "" : ` (${names.map((name) => `\`${name}\``).join(", ")})`;
			return `| ${what}${keywords} | ${where === "any" ? "everywhere" : "multipath-overrides.conf"} | ${reason} |`;
		});
		const page = `# What Pathkeeper refuses in multipath.conf

multipath-tools accepts some texts that harm the host it runs on, or that do not mean what they say. Pathkeeper
refuses them before they are stored, and names line and column. This page is generated from
\`packages/model/src/multipath-conf/refusals.ts\`; after a change there: \`vitest run packages/model --update\`.

| what | where | why |
|---|---|---|
${rows.join("\n")}

Everything that \`multipath -t\` complains about is refused too: data after a value, a missing value or double quote,
a brace too many, a keyword or section twice, a block without the name of what it is about. Keywords and words that some
releases do not know, or ignore, only give a warning: those lines are left out on hosts with such a release.
`;
		await expect(page).toMatchFileSnapshot("../../../../docs/refusals.md");
	});

	it("names keywords that multipath knows", () => {
		const sections = refusals.filter(({ code }) => code === "refused-section").flatMap(({ names }) => names);
		for (const name of refusals.flatMap(({ names }) => names))
			expect(keywordNamed(name) !== null || sections.includes(name), name).toBe(true);
	});

	it("keeps a refused file name out of what multipath holds", () => {
		const text = "defaults {\nbindings_file /etc/passwd\n}\n";
		expect(effectiveConf([{ name: "a.conf", text }]).defaults).toEqual({});
	});
});

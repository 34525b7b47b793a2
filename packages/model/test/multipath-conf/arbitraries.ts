import fc from "fast-check";
import { checkValue } from "../../src/multipath-conf/check-value.ts";
import { type ConfSection, type Keyword, keywords, spelledFor } from "../../src/multipath-conf/keywords.ts";

/** A value that may be stored for the keyword. */
export function goodValue(keyword: Keyword): fc.Arbitrary<string> {
	return anyFitting(keyword).filter((value) => checkValue(keyword, value) === null);
}

function anyFitting({ name, type }: Keyword): fc.Arbitrary<string> {
	switch (type.kind) {
		case "yesno":
			return fc.constantFrom("yes", "no");
		case "integer": {
			const number = fc.oneof(
				fc.constantFrom(type.min, type.max, type.min + 1),
				fc.integer({ min: type.min, max: type.max }),
			);
			return type.words.length === 0
				? number.map(String)
				: fc.oneof(fc.constantFrom(...type.words), number.map(String));
		}
		case "off-int":
			return fc.oneof(fc.constantFrom("no", "0"), fc.integer({ min: type.min, max: type.max }).map(String));
		case "enum":
			return fc.constantFrom(...type.words.map(({ word }) => word));
		case "argstr":
			return fc.constantFrom(
				"0",

				"2 pg_init_retries 50",
				"1 alua",
				"service-time 0",
				"round-robin 0",
				"historical-service-time 1 7",
			);
		case "string":
			return fc.oneof(
				fc.stringMatching(/^[!-~]([ -~]*[!-~])?$/),
				fc.constantFrom(...(textExamples[name] ?? ["x"])),
			);
		case "regex":
			return fc.oneof(
				regexText,
				regexText.map((text) => `!${text}`),
				fc.stringMatching(/^[ -~]{1,40}$/),
			);
		case "path":
		case "ignored":
			return fc.constant("");
	}
}

const textExamples: Readonly<Record<string, readonly string[]>> = {
	prio_args: ["", "hbtl 1:.:.:. 5", "a#b !c {d}", "x  y"],
	reservation_key: ["file", "0x1", "abc", "00ff:aptpl"],
	uid_attrs: ["sd:ID_SERIAL nvme:ID_WWN"],
	uid_attribute: ["", "ID_SERIAL"],
	partition_delimiter: ["", "-part", "p"],
	alias_prefix: ["lun", "m.0"],
	alias: ["db-log", "0.a_B"],
};

/** Regular expressions, most of them sound. */
export const regexText: fc.Arbitrary<string> = fc
	.array(
		fc.constantFrom(
			..."a b 3 . ^ $ [a-z] [^]x] [[:alpha:]] a* b+ c? (x|y) (z) x{2} y{1,3} \\. \\* ( ) [ ] { } * + ? | \\ - , \\1 \\b {2} {,3} {3,2} [z-a] [[:x:]] {1,} ! \\! \\<".split(
				" ",
			),
		),
		{ minLength: 1, maxLength: 6 },
	)
	.map((parts) => parts.join(""));

/** One thing to write into a section. */
export interface Wish {
	readonly section: ConfSection;
	readonly keyword: Keyword;
	readonly value: string;
}

function wishesFor(section: ConfSection): fc.Arbitrary<readonly Wish[]> {
	const known = keywords.filter(
		(keyword) =>
			keyword.sections.includes(section) &&
			!identities.has(`${section} ${keyword.name}`) &&
			keyword.name !== "checker" &&
			!["path", "ignored"].includes(keyword.type.kind) &&
			checkValue(keyword, keyword.type.kind === "integer" ? "0" : "")?.startsWith("is refused") !== true,
	);
	return fc
		.subarray(known, { maxLength: Math.min(12, known.length) })
		.chain((chosen) =>
			fc.tuple(...chosen.map((keyword) => goodValue(keyword).map((value) => ({ section, keyword, value })))),
		);
}

/** Keywords that say what a block is about; `goodConf` gives every block its own. */
const identities = new Set([
	"multipaths wwid",
	"devices vendor",
	"devices product",
	"devices revision",
	"protocol type",
	"blacklist_device vendor",
	"blacklist_device product",
]);

/** What a configuration without a fault says; `goodText` writes it for a release. */
export interface GoodConf {
	readonly defaults: readonly Wish[];
	readonly overrides: readonly Wish[];
	readonly protocol: readonly Wish[];
	readonly device: readonly Wish[];
	readonly multipath: readonly Wish[];
	readonly blacklist: readonly Wish[];
	readonly exceptions: readonly Wish[];
}

export const goodConf: fc.Arbitrary<GoodConf> = fc.record({
	defaults: wishesFor("defaults"),
	overrides: wishesFor("overrides"),
	protocol: wishesFor("protocol"),
	device: wishesFor("devices"),
	multipath: wishesFor("multipaths"),
	blacklist: wishesFor("blacklist"),
	exceptions: wishesFor("blacklist"),
});

/** The text of a configuration for one release: each keyword as it spells it, and none that it does not act on. */
export function goodText(conf: GoodConf, toolsVersion: string): string {
	const write = (wishes: readonly Wish[], indent: string): string =>
		wishes
			.flatMap(({ keyword, value }) => {
				const spelled = spelledFor(keyword, value, toolsVersion);
				return spelled === null ? [] : [`${indent}${keyword.name} "${spelled}"\n`];
			})
			.join("");
	return `# made by a test
defaults {
${write(conf.defaults, "\t")}}
blacklist {
${write(conf.blacklist, "\t")}	device {
		vendor "ACME"
		product "disk [0-9]+"
	}
}
blacklist_exceptions {
${write(conf.exceptions, "\t")}}
devices {
	device {
		vendor "ACME"
		product "array"
${write(conf.device, "\t\t")}	}
}
overrides {
${write(conf.overrides, "\t")}	protocol {
		type "scsi:iscsi"
${write(conf.protocol, "\t\t")}	}
}
multipaths {
	multipath {
		wwid "360014050000000100005ca14ab18000"
${write(conf.multipath, "\t\t")}	}
}
`;
}

/** Values that a careless or hostile hand writes. */
export const badValues: readonly string[] = [
	"-5",
	"-1",
	"0",
	"1",
	"007",
	" 7",
	"7 ",
	"12x",
	"abc",
	"",
	"3",
	"100",
	"119",
	"4294967295",
	"4294967296",
	"2147483648",
	"99999999999999999999",
	"no",
	"yes",
	"off",
	"on",
	"/x",
	"0x10",
	"1 a",
	"2 a",
	"a 0",
	"fail",
	"queue",
	"infinity",
	"strict",
	"smart",
	"failoverish",
	"group_by_prio",
	"max",
	"file",
	"0x0",
	"always",
	"once",
	"never",
	"manual",
	"+3",
	"1\tx",
	"é",
];

/** Lines out of which a text of multipath.conf goes wrong in every way that its parser knows. */
const soupLines: readonly string[] = [
	"defaults {",
	"overrides {",
	"devices {",
	"device {",
	"multipaths {",
	"multipath {",
	"blacklist {",
	"blacklist_exceptions {",
	"protocol {",
	"}",
	"}",
	"}",
	"} }",
	"} # end",
	"{",
	"defaults",
	"overrides",
	"multipaths",
	"device",
	"defaults { no_path_retry 3 }",
	"blacklist { wwid x }",
	"overrides x",
	"defaults {}",
	"overrides {}",
	"devices { device {",
	"# a comment {",
	"! another",
	"",
	"   ",
	"nonsense 1",
	"nonsense {",
	"nonsense",
	"wwid a",
	'wwid "a b"',
	'wwid "a""b"',
	'wwid ""',
	'wwid "',
	'wwid "x',
	'wwid "x" y',
	"wwid x y",
	"wwid x }",
	'wwid "x" }',
	"wwid x # c",
	"wwid x#c",
	"wwid !x",
	'wwid "!x"',
	'wwid "["',
	"wwid é",
	'wwid "é"',
	"alias q",
	"alias a/b",
	"vendor V",
	"product P",
	"product_blacklist !+",
	'product "P 2"',
	"type scsi:fcp",
	"type nvme:tcp",
	"type bogus",
	"failback immediate",
	"failback 7",
	"failback",
	"no_path_retry queue",
	"no_path_retry fail",
	"prio alua",
	'"prio" alua',
	'prio"alua"',
	"fast_io_fail_tmo 5",
	"dev_loss_tmo infinity",
	'path_selector "service-time 0"',
	"path_selector service-time 0",
	'features "1 queue_if_no_path"',
	"devnode ^sd",
	"property ID_",
	"protocol scsi",
	"user_friendly_names yes",
	"user_friendly_names maybe",
	"reservation_key 0xzz",
	'hardware_handler "1 alua"',
	"verbosity 3\r",
	"verbosity 3\rx",
	"\rverbosity 1",
	"max_fds\u{a0}9000",
	"rr_min_io 100",
	"getuid_callout /bin/x",
	`# ${"x".repeat(1100)} verbosity 1`,
	`wwid ${"y".repeat(1030)}`,
	`${" ".repeat(1015)}failback 9`,
];

export const soup: fc.Arbitrary<string> = fc
	.tuple(
		fc.array(fc.constantFrom(...soupLines), { minLength: 1, maxLength: 25 }),
		fc.constantFrom("\n", "\n", "\r\n"),
		fc.boolean(),
	)
	.map(([lines, newline, ends]) => lines.join(newline) + (ends ? newline : ""));

/** Sections that hold together more often than soup, with soup inside. */
export const sectionedSoup: fc.Arbitrary<string> = fc
	.array(
		fc.tuple(
			fc.constantFrom(
				["defaults {", "}"],
				["blacklist {", "}"],
				["blacklist_exceptions {", "}"],
				["overrides {", "}"],
				["overrides {\nprotocol {\ntype scsi:sas", "}\n}"],
				["multipaths {\nmultipath {\nwwid w1", "}\n}"],
				["multipaths {\nmultipath {", "}\n}"],
				["devices {\ndevice {\nvendor ACME\nproduct one", "}\n}"],
				["blacklist {\ndevice {", "}\n}"],
			),
			fc.array(fc.constantFrom(...soupLines.filter((line) => !/[{}]/.test(line))), { maxLength: 6 }),
		),
		{ minLength: 1, maxLength: 5 },
	)
	.map((sections) => sections.map(([[open, close], inner]) => [open, ...inner, close].join("\n")).join("\n"));

/** Everything that reaches a root-owned file, from the API to the files on a host, with what attackers write. */
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { keyOfKeyword, lintConf, settableKeywords } from "@pathkeeper/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milk, SimulatedFleet } from "../simulated-fleet.ts";

let fleet: SimulatedFleet;
beforeAll(async () => {
	fleet = await SimulatedFleet.start();
	mkdirSync(join(fleet.folder, "beside"));
});
afterAll(async () => {
	expect(fleet.faults).toEqual([]);
	await fleet[Symbol.asyncDispose]();
});

const base = "/cluster/multipath";
/** What must never stand in a file of the host as a statement of its own. */
const planted = "getuid_callout";
const payload = `${planted} "/tmp/evil"`;
const texts: Readonly<Record<string, string>> = {
	newline: `a\n${payload}`,
	"newline and braces": `a"\n}\n}\ndefaults {\n\t${payload}\n}\nx {\n\ty "`,
	"carriage return": `a\r${payload}`,
	"line separator": `a\u2028${payload}`,
	NUL: `a\0\n${payload}`,
	"closing brace": `} defaults { ${payload} }`,
	"quote and statement": `a" ${payload} "`,
	comment: `a # ${payload}`,
	exclamation: `a ! ${payload}`,
	backslash: `a\\\n${payload}`,
	"escaped quote": `a\\" ${payload}`,
	"direction change": `a\u202e${payload}`,
	"lone surrogate": `a\ud800${payload}`,
	"section of the document": `a\n\nwwid: b\n\talias c`,
	"too long": `${"a".repeat(70_000)} ${payload}`,
	"way out of a folder": "../../../../etc/shadow",
};

interface Field {
	readonly name: string;
	readonly send: (text: string) => Promise<{ readonly status: number }>;
}

const lun = "360014050000000000000000000000abc";
const fields: readonly Field[] = [
	...["alias", "comment", "nodes", ...keysOf("multipaths")].map((key) => ({
		name: `LUN ${key}`,
		send: (text: string) => fleet.call("PUT", `${base}/wwids/${lun}`, { [key]: text }),
	})),
	...keysOf("defaults").map((key) => ({
		name: `defaults ${key}`,
		send: (text: string) => fleet.call("PUT", `${base}/defaults`, { [key]: text }),
	})),
	{ name: "WWID", send: (text) => fleet.call("POST", `${base}/wwids`, { wwid: text }) },
	{
		name: "WWID in a path",
		send: (text) =>
			fleet.call("PUT", `${base}/wwids/${encodeURIComponent(text.toWellFormed()).slice(0, 400)}`, {
				comment: "x",
			}),
	},
	{ name: "delete", send: (text) => fleet.call("PUT", `${base}/defaults`, { delete: text }) },
];

function keysOf(place: "multipaths" | "defaults"): string[] {
	return settableKeywords(place).map(keyOfKeyword);
}

/** The files that Pathkeeper wrote on the host, by name. */
function written(): ReadonlyMap<string, string> {
	const folder = join(fleet.host("n1").root, "etc/multipath");
	const drop = readdirSync(join(folder, "conf.d")).map((name) => join(folder, "conf.d", name));
	return new Map([...drop, join(folder, "wwids")].map((path) => [path, readFileSync(path, "utf8")]));
}

function isHarmless(path: string, text: string): void {
	if (path.endsWith("wwids")) expect(text).toMatch(/^(#.*\n|\/[\w#+.:=@-]+\/\n)*$/);
	else {
		expect(lintConf(text, {}).filter(({ severity }) => severity === "error")).toEqual([]);
		const sections = text.match(/^[a-z_]+ \{$/gm) ?? [];
		expect(
			sections.filter(
				(line) => !/^(defaults|multipaths|devices|overrides|blacklist\w*|protocol) \{$/.test(line),
			),
		).toEqual([]);
	}
	// A value may hold the words; a line may not begin with them.
	expect(text).not.toMatch(new RegExp(`^\\s*[}"]*\\s*${planted}`, "m"));
	expect([...text].filter(isControl)).toEqual([]);
	expect(text.length).toBeLessThan(100_000);
	expect(statSync(path).mode & 0o022).toBe(0);
}

function isControl(character: string): boolean {
	const code = character.codePointAt(0) ?? 0;
	return (
		(code < 32 && !"\n\t".includes(character)) ||
		[0x7f, 0x2028, 0x202e].includes(code) ||
		!character.isWellFormed()
	);
}

describe("a text that reaches a file of root", () => {
	beforeAll(async () => {
		await fleet.allow(milk);
		expect(await fleet.call("POST", `${base}/wwids`, { wwid: lun, alias: "target" })).toMatchObject({
			status: 200,
		});
	});

	test("is looked at in every field there is", () => {
		expect(keysOf("multipaths").length).toBeGreaterThan(20);
		expect(keysOf("defaults").length).toBeGreaterThan(keysOf("multipaths").length);
	});

	test.each(Object.keys(texts))("%s: no field lets it become more than a value", async (name) => {
		const text = texts[name] ?? "";
		const kept: string[] = [];
		for (const { name: field, send } of fields) {
			const { status } = await send(text);
			// 500: a LUN of that name does not exist.
			expect([200, 400, 500], field).toContain(status);
			if (status === 200) kept.push(field);
		}
		const status = await fleet.applied();
		expect(status.nodes).toMatchObject([{ applied: { state: "applied", error: null } }]);
		const files = written();
		expect([...files.keys()].some((path) => path.endsWith("pathkeeper.conf"))).toBe(true);
		for (const [path, now] of files) isHarmless(path, now);
		// A comment is the only field that takes sentences, and it reaches no host.
		expect(kept.filter((field) => field !== "LUN comment" && !acceptable(field, text))).toEqual([]);
		expect(fleet.host("n1").kernel.map(milk)).toBeDefined();
	});

	/** Words that some keyword takes as they are. */
	function acceptable(field: string, text: string): boolean {
		return (
			field === "delete" ||
			(/prio-args|features|partition|devnode|path-selector|bindings|enable-foreign/.test(field) &&
				!/[\n\r\0"]/.test(text))
		);
	}
});

describe("overrides, which are verbatim", () => {
	const put = (text: string) => fleet.call("PUT", `${base}/overrides`, { text });

	test.each([
		["a program that root would run", 'overrides {\n\tgetuid_callout "/tmp/x"\n}\n', 2],
		["a folder of libraries", 'defaults {\n\tmultipath_dir "/tmp"\n}\n', 1],
		["another folder of files", 'overrides {\n\tconfig_dir "/tmp"\n}\n', 2],
		["a file that multipathd writes", 'overrides {\n\tbindings_file "/etc/passwd"\n}\n', 2],
		["the allow-list", "multipaths {\n\tmultipath {\n\t\twwid x\n\t}\n}\n", 1],
		["a brace that does not close", "devices {\n\tdevice {\n", 2],
		["one that closes too much", "devices {\n}\n}\ndefaults {\n\tmultipath_dir /tmp\n}\n", 3],
		["a quote that does not end", 'devices {\n\tdevice {\n\t\tvendor "x\n\t}\n}\n', 3],
		["NUL", "devices {\n}\n\0", 3],
	])("%s is refused with its line, and never reaches the host", async (_, text, line) => {
		const { status, errors, message } = await put(text);
		expect(status).toBe(400);
		expect(`${message}${errors?.["text"]}`).toMatch(new RegExp(`line ${line}, column \\d+`));
		for (const [path, now] of written()) {
			expect(now).not.toContain("/tmp");
			isHarmless(path, now);
		}
	});

	test("of more than a megabyte are refused as what they are", async () => {
		expect(await put(`# ${"x".repeat(1_048_577)}\n`)).toMatchObject({
			status: 400,
			errors: { text: "value may only be 1048576 characters long" },
		});
	});
});

test("what is planted in a file would be seen", () => {
	const [[path = ""] = []] = [...written()].filter(([name]) => name.endsWith("pathkeeper.conf"));
	const planting = [`defaults {\n\t${payload}\n}\n`, "evil {\n}\n", "defaults {\n", "# \u202e\n"];
	for (const text of planting) expect(() => isHarmless(path, text)).toThrow("expected");
	expect(() => isHarmless("wwids", `/x/\n${payload}\n`)).toThrow("expected");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { checkedCommand, isReading, quoteFormat, quoteName } from "../../src/multipathd/command-text.ts";

/** multipathd's tokenizer for one line, after libmpathutil/parser.c `alloc_strvec`. */
function tokens(line: string): string[] {
	const found: string[] = [];
	let at = 0;
	while (at < line.length) {
		const rest = line.slice(at);
		const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
		const blank = /^[^!-~]+/.exec(rest);
		const word = /^[^\s"#!{}\u0080-\uffff]+/.exec(rest);
		if (/^[#!]/.test(rest)) return found;
		const token = quoted ?? blank ?? word ?? [rest.slice(0, 1)];
		if (quoted !== null) found.push((quoted[1] ?? "").replaceAll('""', '"'));
		else if (blank === null) found.push(token[0]);
		at += token[0].length;
	}
	return found;
}

test("every name that can be quoted reaches the daemon as one word, unchanged", () => {
	const names = fc
		.string({ unit: "binary", minLength: 1, maxLength: 30 })
		.filter((name) => !/\p{Cc}|%["\s]*$/u.test(name) && Buffer.byteLength(name) <= 127);
	fc.assert(
		fc.property(names, (name) => {
			expect(tokens(`show map ${quoteName(name)} json`)).toEqual(["show", "map", name, "json"]);
		}),
	);
});

test("quotes are doubled", () => {
	expect(quoteName('we"ird a+b#c')).toBe('"we""ird a+b#c"');
});

test.each([
	["", /a map has a name/],
	["a\nb", /control characters/],
	["a\0b", /control characters/],
	["x".repeat(128), /at most 127 bytes/],
	["ü".repeat(64), /at most 127 bytes/],
])("the name %j is refused", (name, problem) => {
	expect(() => quoteName(name)).toThrow(problem);
});

test.each(["%n|%", "%", "%%", "%n%"])(
	"the format %j would be read beyond its end and is refused",
	(format) => {
		expect(() => quoteFormat(format)).toThrow(/ends with '%'/);
	},
);

test("no way of writing a command lets a last percent sign through", () => {
	for (const command of [
		'show maps raw format "%n%"',
		"show paths format %d%",
		'show paths format "%d%',
		"% ",
	]) {
		expect(() => checkedCommand(command), command).toThrow(/ends with '%'/);
	}
	expect(checkedCommand('show maps raw format "%n 50%|%w"')).toContain("50%|");
});

test("a command has 1 to 511 bytes", () => {
	expect(checkedCommand(" show daemon\n")).toBe("show daemon");
	expect(checkedCommand("x".repeat(511))).toHaveLength(511);
	expect(() => checkedCommand("x".repeat(512))).toThrow(/at most 512 bytes/);
	expect(() => checkedCommand(" \n")).toThrow(/it is empty/);
});

test("only list and show are readings, whole words", () => {
	expect(["show maps", "list maps", "  show daemon"].every(isReading)).toBe(true);
	expect(["shutdown", "sh", "showx", "reconfigure", "del map list", "quit"].some(isReading)).toBe(false);
});

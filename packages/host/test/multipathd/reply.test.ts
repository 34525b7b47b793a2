import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classifyReply, confirm, listingOf } from "../../src/multipathd/reply.ts";
import { type Asker, recordedReply, releases } from "./recorded.ts";

const inUse = {
	"0.9.4": "fail\n",
	"0.11.1": "fail\nmap or partition in use\n",
	"0.15.1": "fail\nmap or partition in use\n",
};

describe.each(releases)("an answer of multipathd %s", (release) => {
	test.each<[string, string, Asker, string]>([
		["a change that was made", "reload map 35000c5001500aa00", "root", "ok"],
		["a failure without words", "switch map 35000c5001500aa00 group 9", "root", "fail"],
		["a map that does not exist", "del map nosuch", "root", "fail"],
		["a path that does not exist", "del path nosuch", "root", "fail"],
		["a word in the middle that is not known", "show bogus maps", "root", "fail"],
		["a last word that is not known", "show bogus", "root", "unknown-command"],
		["a first word that is not known", "bogus", "root", "unknown-command"],
		["a missing argument", "show map", "root", "unknown-command"],
		["words that are no command together", "list list", "other", "unknown-command"],
		["an empty command", "", "malformed", "unknown-command"],
		["half a command", "half a command", "malformed", "timeout"],
		["a change by another user than root", "reconfigure", "other", "denied"],
		["a blacklisted path", "add path vda", "root", "remark"],
		["a map's state", "show maps status", "root", "payload"],
		["the maps as JSON", "show maps json", "root", "payload"],
		["the blacklist", "show blacklist", "root", "payload"],
		["the persistent reservation state", "getprstatus map 35000c5001500aa00", "root", "payload"],
	])("on %s reads right", (_, command, asker, kind) => {
		expect(classifyReply(recordedReply(release, command, asker)).kind).toBe(kind);
	});

	test("help text names the daemon's version", () => {
		expect(classifyReply(recordedReply(release, "show bogus"))).toMatchObject({ version: release });
	});

	test("on a busy map is a failure with what the daemon says", () => {
		const problem = release === "0.9.4" ? null : "map or partition in use";
		expect(classifyReply(inUse[release])).toEqual({ kind: "fail", problem });
	});
});

test("the daemon's own words stand in the error", () => {
	const refused = classifyReply("fail\nmap or partition in use\n");
	expect(() => confirm(refused, 'del map "db"')).toThrow(/refused 'del map "db"': map or partition in use/);
	expect(() => confirm(classifyReply("blacklisted\n"), 'add map "x"')).toThrow(/blacklisted: a rule/);
	expect(() => confirm(classifyReply("map reload error. removed\n"), "del path sda")).toThrow(
		/map reload error/,
	);
	expect(() => listingOf(classifyReply("timeout\n"), "show maps")).toThrow(/is busy/);
	expect(() => listingOf(classifyReply("fail\npermission deny: need to be root\n"), "quit")).toThrow(
		/only root/,
	);
});

test("a listing without rows is empty, and only ok confirms a change", () => {
	expect(listingOf(classifyReply("ok\n"), "show maps")).toBe("");
	expect(() => confirm(classifyReply("0"), "reconfigure")).toThrow(/expected 'ok'/);
	expect(() => confirm(classifyReply("\n"), "reconfigure")).toThrow(/blank/);
});

test.each([
	'{"maps": [{"name": "timeout", "prod": "fail"}]}',
	"failover|35000c5001500aa00\n",
	"timeout 1\nfail\n",
	"blacklisted maps\n",
	"okay\n",
])("words of errors inside a listing are no error: %j", (text) => {
	expect(classifyReply(text)).toEqual({ kind: "payload", text });
});

test("any text is classified", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), fc.constantFrom("", "fail\n", "ok\n"), (text, before) => {
			expect(classifyReply(before + text).kind).toMatch(/^[a-z-]+$/);
		}),
	);
});

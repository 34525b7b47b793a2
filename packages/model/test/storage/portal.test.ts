import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePortal, portalText } from "../../src/index.ts";

const normal = (text: string) => {
	const portal = parsePortal(text);
	return portal === null ? null : portalText(portal);
};

describe("a portal", () => {
	it.each([
		["192.168.71.1", "192.168.71.1:3260"],
		["192.168.71.1:860", "192.168.71.1:860"],
		["array-1.san.example", "array-1.san.example:3260"],
		["Array:3261", "array:3261"],
		["fd00::1", "[fd00::1]:3260"],
		["[FD00::1]:3261", "[fd00::1]:3261"],
		["[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]:3260"],
		["1:2:3:4:5:6:7:8", "[1:2:3:4:5:6:7:8]:3260"],
	])("is read: %s", (text, expected) => {
		expect(normal(text)).toBe(expected);
	});

	it.each([
		"",
		"-o",
		"--op=new",
		"-h:3260",
		"a b",
		"array,3260",
		"array\n",
		"array;reboot",
		"array:0",
		"array:65536",
		"array:",
		"array:32 60",
		"300.1.1.1",
		"1.2.3",
		"01.2.3.4",
		"fd00::1::2",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		"fe80::1%eth0",
		"[fd00::1",
		"[array]:3260",
		"a..b",
		`${"a".repeat(64)}.example`,
	])("is not: %j", (text) => {
		expect(parsePortal(text)).toBeNull();
	});

	it("comes out as one word that is no option, and is read again as the same", () => {
		const anything = fc.oneof(
			fc.string({ unit: "binary" }),
			fc.ipV4(),
			fc.ipV6(),
			fc.domain(),
			fc.stringMatching(/^[-a-z0-9.:[\]%, ]{1,24}$/),
		);
		fc.assert(
			fc.property(anything, (text) => {
				const word = normal(text);
				if (word === null) return;
				expect(word).toMatch(/^(?:[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\]):\d{1,5}$/);
				expect(normal(word)).toBe(word);
			}),
		);
		fc.assert(
			fc.property(fc.ipV6(), (address) => {
				expect(parsePortal(address)).not.toBeNull();
			}),
		);
	});
});

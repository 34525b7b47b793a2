import { quoted, visible } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("text from outside in a sentence", () => {
	it("shows what would change the line", () => {
		expect(visible("a\nb\u001B[31m\u202Ec\uD800")).toBe("a\\u{a}b\\u{1b}[31m\\u{202e}c\\u{d800}");
		expect(quoted("Köln 日本")).toBe("'Köln 日本'");
	});

	it("is cut at its limit", () => {
		expect(visible("x".repeat(100), 5)).toBe("xxxxx…");
		expect(visible("xxxxx", 5)).toBe("xxxxx");
	});

	it("never holds a control character, whatever it was", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				expect(visible(text, 40)).not.toMatch(/\p{Cc}|\p{Cs}|\p{Zl}|\p{Zp}/u);
			}),
		);
	});
});

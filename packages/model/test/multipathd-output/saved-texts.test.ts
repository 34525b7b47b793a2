import { readSaved, verdictDocument } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { betterThan, differences, savedTexts } from "./saved-texts.ts";

const samples = savedTexts();

/** Nothing where one of the outcomes fits, else what is wrong with the first. */
const wrongIn = (lists: readonly (readonly string[])[]): readonly string[] =>
	lists.some((list) => list.length === 0) ? [] : (lists[0] ?? []);

describe("a text as people save and post it", () => {
	it.each(samples)("never gets a better verdict than it deserves: $name", ({ text, outcomes }) => {
		const document = verdictDocument(readSaved(text));
		expect(wrongIn(outcomes.map((outcome) => betterThan(document, outcome)))).toEqual([]);
	});

	it.each(samples)("gets the verdict that it deserves: $name", ({ text, outcomes }) => {
		const document = verdictDocument(readSaved(text));
		expect(wrongIn(outcomes.map((outcome) => differences(document, outcome)))).toEqual([]);
	});
});

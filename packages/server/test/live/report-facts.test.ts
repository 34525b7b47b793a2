import type { StoredReport } from "@pathkeeper/store";
import { expect, test } from "vitest";
import { ReportFacts } from "../../src/live/report-facts.ts";

/** A report that counts how often it is unpacked. */
function stored(revision: bigint): StoredReport & { readonly reads: () => number } {
	let reads = 0;
	return {
		node: "n1",
		revision,
		packed: () => {
			reads += 1;
			return { problem: `of ${revision}` };
		},
		read: () => ({ node: "n1", report: null, problem: `of ${revision}` }),
		reads: () => reads,
	};
}

test("a report is unpacked once, however many ask, and again when a newer one was written", async () => {
	const facts = new ReportFacts();
	const [first, second] = [stored(1n), stored(2n)];
	const known = await facts.of(first);
	expect(await facts.of(first)).toBe(known);
	expect(first.reads()).toBe(1);
	expect((await facts.of(second)).problem).toBe("of 2");
});

test("who read the store a while ago gets what stood there, and does not put it back", async () => {
	const facts = new ReportFacts();
	const [older, newer] = [stored(1n), stored(2n)];
	const known = await facts.of(newer);
	expect((await facts.of(older)).problem).toBe("of 1");
	expect(await facts.of(newer)).toBe(known);
	facts.forget("n1");
	expect(await facts.of(newer)).not.toBe(known);
});

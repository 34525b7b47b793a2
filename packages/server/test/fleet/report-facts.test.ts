import { zstdCompressSync } from "node:zlib";
import type { StoredReport } from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { sampleReport } from "../../../store/test/documents/sample-report.ts";
import { ReportFacts } from "../../src/fleet/report-facts.ts";
import { ReportReader } from "../../src/heavy/report-reader.ts";

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

/** Reports that are light need none. */
const noWorker = { do: () => Promise.reject(new Error("this is a light report")) };

test("a report is unpacked once, however many ask, and again when a newer one was written", async () => {
	const facts = new ReportFacts(new ReportReader(noWorker, realRuntime), realRuntime);
	const [first, second] = [stored(1n), stored(2n)];
	const known = await facts.of(first);
	expect((await facts.of(first)).facts).toBe(known.facts);
	expect(first.reads()).toBe(1);
	expect((await facts.of(second)).facts.problem).toBe("of 2");
});

test("who read the store a while ago gets what stood there, and does not put it back", async () => {
	const facts = new ReportFacts(new ReportReader(noWorker, realRuntime), realRuntime);
	const [older, newer] = [stored(1n), stored(2n)];
	const known = await facts.of(newer);
	expect((await facts.of(older)).facts.problem).toBe("of 1");
	expect((await facts.of(newer)).facts).toBe(known.facts);
	facts.forget("n1");
	expect((await facts.of(newer)).facts).not.toBe(known.facts);
});

describe("a node that may not have its newest report read yet", () => {
	let now = 0;
	const costly = (revision: bigint): StoredReport => ({
		...stored(revision),
		packed: () => ({ key: "report/n1", bytes: zstdCompressSync(Buffer.from(`[${"0,".repeat(300_000)}0]`)) }),
	});

	test("is as it was before for three intervals, said to be behind, and then not known", async () => {
		const report = sampleReport("n1");
		const jobs = { do: async () => ({ node: "n1", report, problem: null }) as const };
		const clock = { ...realRuntime, monotonic: () => now };
		const facts = new ReportFacts(new ReportReader(jobs, clock), clock);
		const first = await facts.of(costly(1n));
		expect(first).toMatchObject({ revision: 1n, isBehind: false, facts: { head: { node: "n1" } } });
		// Reading took no time here, so that it rests for as long as it is asked to at least: a second.
		expect(await facts.of(costly(2n))).toEqual({ ...first, isBehind: true });
		expect((await facts.reportOf(costly(2n))).problem).toContain("the next is read in");
		now += 1001;
		expect(await facts.of(costly(2n))).toMatchObject({ revision: 2n, isBehind: false });

		for (let revision = 3n; revision < 6n; revision++)
			expect(await facts.of(costly(revision))).toMatchObject({ revision: 2n, isBehind: true });
	});

	test("is not known when it stays behind, with what was last known", async () => {
		now = 0;
		const report = sampleReport("n1");
		let costs = 0;
		const jobs = {
			do: async () => {
				now += costs;
				return { node: "n1", report, problem: null } as const;
			},
		};
		const clock = { ...realRuntime, monotonic: () => now };
		const facts = new ReportFacts(new ReportReader(jobs, clock), clock);
		costs = 20_000;
		const first = await facts.of(costly(1n));
		expect(await facts.of(costly(2n))).toMatchObject({ isBehind: true, facts: { head: { node: "n1" } } });
		now += 3 * report.intervalMs + 1;
		const later = await facts.of(costly(3n));
		expect(later).toMatchObject({ revision: 3n, isBehind: true, facts: { head: null } });
		expect(later.facts.problem).toContain("cost much to read");
		expect(later.facts.last).toBe(first.facts);
		now += 3_600_000;
		expect(await facts.of(costly(3n))).toMatchObject({
			revision: 3n,
			isBehind: false,
			facts: { head: { node: "n1" } },
		});
	});
});

import { zstdCompressSync } from "node:zlib";
import { decodeReport, type NodeReport, reportLimits, type StoredReport } from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { costRatio, cpuOf } from "../../../model/test/cost.ts";
import { sampleReport } from "../../../store/test/documents/sample-report.ts";
import { HeavyWorker, JobFailed } from "../../src/heavy/heavy-worker.ts";
import { ReportReader } from "../../src/heavy/report-reader.ts";

const pack = (text: string | Uint8Array) => zstdCompressSync(Buffer.from(text));
const key = "report/n1";

/** A report that counts how often its bytes are asked for. */
function stored(bytes: Uint8Array, revision = 1n): StoredReport & { readonly asked: () => number } {
	let asked = 0;
	const packed = () => {
		asked += 1;
		return { key, bytes };
	};
	return {
		node: "n1",
		revision,
		packed,
		read: () => decodeReport("n1", { key, bytes }, reportLimits),
		asked: () => asked,
	};
}

/** A worker that only notes that it was asked. */
function noted(answer: () => NodeReport) {
	const jobs: string[] = [];
	return {
		jobs,
		worker: {
			do: async (name: string) => {
				jobs.push(name);
				return answer() as never;
			},
		},
	};
}

const withMaps = (maps: unknown) => JSON.stringify({ ...sampleReport("n1"), maps });

/** Each is small, and would cost a naive reader gigabytes or minutes. */
const bombs: Readonly<Record<string, () => Uint8Array>> = {
	"120 MB of objects": () => pack(`[${"{},".repeat(40_000_000)}{}]`),
	"60 MB of objects in a report": () => pack(withMaps("@").replace('"@"', `[${"{},".repeat(20_000_000)}{}]`)),
	"gigabytes of blanks": () => {
		const much = zstdCompressSync(Buffer.alloc(256 * 1024 * 1024, 32));
		return Buffer.concat(Array.from({ length: 8 }, () => much));
	},
	"columns that stand for terabytes": () =>
		pack(withMaps({ values: ["x".repeat(100_000)], at: Array.from({ length: 100_000 }, () => 0) })),
	"lists in one another": () => pack("[".repeat(60_000_000)),
	"a long text that never ends": () => pack(`"${"x".repeat(60_000_000)}`),
	"a window of 128 MB": () =>
		zstdCompressSync(Buffer.alloc(200 * 1024 * 1024, "abc"), { params: { 101: 27, 100: 3 } }),
};

describe("a report that costs more than any host's", () => {
	test.each(Object.entries(bombs))("%s: a problem at little cost, and read once", async (_, make) => {
		const bytes = make();
		expect(bytes.length).toBeLessThan(400_000);
		const reader = new ReportReader();
		const report = stored(bytes);
		const before = process.memoryUsage().rss;
		const first = await reader.read(report);
		expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
		expect(first.problem).toMatch(/report\/n1/);
		expect(await reader.read(report)).toEqual(first);
		expect(report.asked()).toBe(1);
	});

	test("costs no more than a few sound ones of the largest size", () => {
		const largest = pack(JSON.stringify(sampleReport("n1", 5000)));
		const sound = () => decodeReport("n1", { key, bytes: largest }, reportLimits);
		expect(sound().problem).toBeNull();
		for (const make of Object.values(bombs)) {
			const bytes = make();
			const read = () => decodeReport("n1", { key, bytes }, reportLimits);
			expect(read().problem).not.toBeNull();
			expect(costRatio(read, sound, 12)).toBeLessThan(12);
		}
		expect(cpuOf(sound)).toBeGreaterThan(0);
	});

	test("is read again as soon as another was written", async () => {
		const reader = new ReportReader();
		const bomb = bombs["120 MB of objects"]?.() ?? Buffer.of();
		expect((await reader.read(stored(bomb))).problem).toContain("is not read until it changes");
		expect((await reader.read(stored(bomb, 2n))).problem).not.toBeNull();
		const sound = sampleReport("n1");
		expect((await reader.read(stored(pack(JSON.stringify(sound)), 3n))).report).toEqual(sound);
	});

	test.each(["memory", "deadline"] as const)(
		"is a problem of its node when the thread ends by its %s",
		async (why) => {
			const reader = new ReportReader({
				do: () => Promise.reject(new JobFailed(why, "it ended")),
			});
			const heavy = stored(pack(JSON.stringify(sampleReport("n1", 5000))));
			expect((await reader.read(heavy)).problem).toContain("is not read until it changes");
			await reader.read(heavy);
			expect(heavy.asked()).toBe(1);
		},
	);
});

describe("a sound report", () => {
	test("of 1,000 LUNs is read without a thread", async () => {
		const report = sampleReport("n1", 1000);
		const { jobs, worker } = noted(() => ({ node: "n1", report, problem: null }));
		const read = await new ReportReader(worker).read(stored(pack(JSON.stringify(report))));
		expect(read).toEqual({ node: "n1", report, problem: null });
		expect(jobs).toEqual([]);
	});

	test("of 5,000 LUNs is read in a thread, and says the same", async () => {
		const report = sampleReport("n1", 5000);
		const bytes = pack(JSON.stringify(report));
		const { jobs, worker } = noted(() => ({ node: "n1", report, problem: null }));
		await new ReportReader(worker).read(stored(bytes));
		expect(jobs).toEqual(["report"]);
		expect(await new ReportReader(new HeavyWorker()).read(stored(bytes))).toEqual({
			node: "n1",
			report,
			problem: null,
		});
	});

	test("that lost a part is read again when it is asked for again: the part may be there by then", async () => {
		const problem = "part 2 of 2 is not there";
		let asked = 0;
		const packed = () => {
			asked += 1;
			return { problem };
		};
		const reader = new ReportReader();
		for (let n = 1; n <= 2; n++) {
			expect((await reader.read({ ...stored(Buffer.of()), packed })).problem).toBe(problem);
			expect(asked).toBe(n);
		}
	});
});

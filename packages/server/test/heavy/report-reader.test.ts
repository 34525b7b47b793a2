import { zstdCompressSync } from "node:zlib";
import { decodeReport, type NodeReport, reportLimits, type StoredReport } from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { costRatio, cpuOf } from "../../../model/test/cost.ts";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
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

/** What is read of a report whose node may have one read. */
async function read(reader: ReportReader, report: StoredReport): Promise<NodeReport> {
	const found = await reader.read(report);
	if ("againMs" in found) throw new Error("it is postponed");
	return found;
}

/** A worker that only notes that it was asked. */
function noted(answer: () => NodeReport) {
	const jobs: string[] = [];
	return {
		jobs,
		worker: {
			do: async (name: string) => {
				jobs.push(name);
				return answer();
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
		const reader = new ReportReader(new HeavyWorker({ runtime: realRuntime }), realRuntime);
		const report = stored(bytes);
		const before = process.memoryUsage().rss;
		const first = await read(reader, report);
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
			const decode = () => decodeReport("n1", { key, bytes }, reportLimits);
			expect(decode().problem).not.toBeNull();
			expect(costRatio(decode, sound, 12)).toBeLessThan(12);
		}
		expect(cpuOf(sound)).toBeGreaterThan(0);
	});

	test("is read again when another was written and the node may have one read", async () => {
		let now = 0;
		const reader = new ReportReader(new HeavyWorker({ runtime: realRuntime }), { monotonic: () => now });
		const bomb = bombs["120 MB of objects"]?.() ?? Buffer.of();
		expect((await read(reader, stored(bomb))).problem).toContain("is not read until it changes");
		const sound = sampleReport("n1");
		const next = stored(pack(JSON.stringify(sound)), 2n);
		expect(await reader.read(next)).toMatchObject({ againMs: expect.any(Number) });
		now += 3_600_000;
		expect((await read(reader, next)).report).toEqual(sound);
	});

	test("costs its node its turn for nine times as long, however fast it writes, and nobody else theirs", async () => {
		let [now, jobs] = [0, 0];
		const heavy = pack(JSON.stringify(sampleReport("n1", 5000)));
		const worker = {
			do: async (): Promise<NodeReport> => {
				jobs += 1;
				now += 400;
				return { node: "n1", report: null, problem: "x" };
			},
		};
		const reader = new ReportReader(worker, { monotonic: () => now });
		for (let revision = 1n; now < 60_000; revision++) {
			await reader.read(stored(heavy, revision));
			const other = { ...stored(pack(JSON.stringify(sampleReport("n2")))), node: "n2" };
			expect((await read(reader, other)).problem).toBeNull();
			now += 250;
		}
		expect(jobs * 400).toBeLessThanOrEqual(60_000 / 10 + 400);
		expect(jobs).toBeGreaterThan(10);
	});

	test.each(["memory", "deadline"] as const)(
		"is a problem of its node when the thread ends by its %s",
		async (why) => {
			const reader = new ReportReader(
				{
					do: () => Promise.reject(new JobFailed(why, "it ended")),
				},
				realRuntime,
			);
			const heavy = stored(pack(JSON.stringify(sampleReport("n1", 5000))));
			expect((await read(reader, heavy)).problem).toContain("is not read until it changes");
			await reader.read(heavy);
			expect(heavy.asked()).toBe(1);
		},
	);
});

describe("the rest of a node", () => {
	const costly = pack(JSON.stringify(sampleReport("n1", 5000)));
	const clocked = () => {
		let [now, jobs] = [0, 0];
		const worker = {
			do: async (_: string, { node }: { readonly node: string }): Promise<NodeReport> => {
				jobs += 1;
				now += 400;
				return { node, report: null, problem: "x" };
			},
		};
		const reader = new ReportReader(worker, { monotonic: () => now });
		const pass = (ms: number) => {
			now += ms;
		};
		return { reader, pass, now: () => now, jobs: () => jobs };
	};

	test("is not over because its report was taken away in between", async () => {
		const { reader, pass, now, jobs } = clocked();
		for (let revision = 1n; now() < 60_000; revision++) {
			await reader.read(stored(costly, revision));
			reader.forget("n1");
			pass(250);
		}
		expect(jobs() * 400).toBeLessThanOrEqual(60_000 / 10 + 400);
		expect(jobs()).toBeGreaterThan(10);
	});

	test("is dropped once it is over, so that made-up nodes take no memory", async () => {
		const { reader, pass } = clocked();
		for (let n = 0; n < 2000; n++) {
			await reader.read({ ...stored(costly), node: `n${n}` });
			reader.forget(`n${n}`);
			pass(3600);
		}
		expect(reader.resting).toBeLessThanOrEqual(256);
	});
});

describe("a thread that fails", () => {
	const costly = () => stored(pack(JSON.stringify(sampleReport("n1", 5000))));
	const failing = (errors: readonly Error[]) => {
		let jobs = 0;
		const worker = {
			do: async (): Promise<NodeReport> => {
				const error = errors[jobs++];
				if (error !== undefined) throw error;
				return { node: "n1", report: null, problem: "it was read" };
			},
		};
		return { reader: new ReportReader(worker, realRuntime), jobs: () => jobs };
	};
	const fault = new JobFailed("fault", "no such file");

	test("once is asked once more", async () => {
		const { reader, jobs } = failing([fault]);
		expect((await read(reader, costly())).problem).toBe("it was read");
		expect(jobs()).toBe(2);
	});

	test.each([fault, new Error("no such file")])(
		"twice is a problem of that report, which says why: %s",
		async (error) => {
			const { reader, jobs } = failing([error, error]);
			const report = costly();
			const found = await read(reader, report);
			expect(found).toMatchObject({ report: null, problem: expect.stringContaining("no such file") });
			expect(await reader.read(report)).toEqual(found);
			expect(jobs()).toBe(2);
		},
	);

	test("by its limits is not asked again", async () => {
		const { reader, jobs } = failing([new JobFailed("memory", "it ended")]);
		await reader.read(costly());
		expect(jobs()).toBe(1);
	});

	test("because its program is not there is a problem of the report, too", async () => {
		const file = new URL("./not-there.mjs", import.meta.url);
		const found = await read(
			new ReportReader(new HeavyWorker({ runtime: realRuntime, file }), realRuntime),
			costly(),
		);
		expect(found.problem).toContain("not-there.mjs");
	});
});

describe("a sound report", () => {
	test("of 1,000 LUNs is read without a thread", async () => {
		const report = sampleReport("n1", 1000);
		const { jobs, worker } = noted(() => ({ node: "n1", report, problem: null }));
		const found = await new ReportReader(worker, realRuntime).read(stored(pack(JSON.stringify(report))));
		expect(found).toEqual({ node: "n1", report, problem: null });
		expect(jobs).toEqual([]);
	});

	test("of 5,000 LUNs is read in a thread, and says the same", async () => {
		const report = sampleReport("n1", 5000);
		const bytes = pack(JSON.stringify(report));
		const { jobs, worker } = noted(() => ({ node: "n1", report, problem: null }));
		await new ReportReader(worker, realRuntime).read(stored(bytes));
		expect(jobs).toEqual(["report"]);
		expect(
			await new ReportReader(new HeavyWorker({ runtime: realRuntime }), realRuntime).read(stored(bytes)),
		).toEqual({
			node: "n1",
			report,
			problem: null,
		});
	});

	test("of 5,000 LUNs is read once for all who ask at a time, and again whenever it is asked for", async () => {
		const report = sampleReport("n1", 5000);
		const { jobs, worker } = noted(() => ({ node: "n1", report, problem: null }));
		const heavy = stored(pack(JSON.stringify(report)));
		const reader = new ReportReader(worker, realRuntime);
		const found = await Promise.all([1, 2, 3].map(() => read(reader, heavy)));
		expect(new Set(found).size).toBe(1);
		expect(jobs).toEqual(["report"]);
		expect((await read(reader, heavy)).report).toEqual(report);
	});

	test("that lost a part is read again when it is asked for again: the part may be there by then", async () => {
		const problem = "part 2 of 2 is not there";
		let asked = 0;
		const packed = () => {
			asked += 1;
			return { problem };
		};
		const reader = new ReportReader(new HeavyWorker({ runtime: realRuntime }), realRuntime);
		for (let n = 1; n <= 2; n++) {
			expect((await read(reader, { ...stored(Buffer.of()), packed })).problem).toBe(problem);
			expect(asked).toBe(n);
		}
	});
});

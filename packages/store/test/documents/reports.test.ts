import { randomBytes } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { reportLimits } from "../../src/documents/decode-report.ts";
import { joinFleet, type Membership } from "../../src/documents/nodes.ts";
import {
	ReportWriter,
	readReports,
	reportPrefix,
	sameReport,
	storedReports,
} from "../../src/documents/reports.ts";
import type { Entry } from "../../src/store.ts";
import { bytes, codeOf, put, take, write } from "../contract/tools.ts";
import { settle, storePerTest } from "./document-store.ts";
import { sampleReport } from "./sample-report.ts";

const shared = storePerTest();
let runs = 0;
/** A run of the agent of a node that is its member now. */
async function membership(node = "n1"): Promise<Membership> {
	runs++;
	const run = { run: `run-${runs}`, agentVersion: "1", intervalMs: 5000, joinedAt: 1 };
	return await joinFleet(shared.store, { node, ...run });
}
const keys = async () => (await shared.store.list("report")).entries.map(({ key }) => key);
const packed = (value: unknown) => zstdCompressSync(bytes(JSON.stringify(value)));

/** What is read when the report of node n1 is these bytes. */
async function problemOf(value: Uint8Array): Promise<string | null | undefined> {
	await shared.store.txn({ writes: [{ op: "put", key: "report/n1", value }] });
	return (await readReports(shared.store)).find(({ node }) => node === "n1")?.problem;
}

describe("a report", () => {
	test("is one small value and comes back as it was written", async () => {
		const report = sampleReport("n1", 1000);
		await new ReportWriter(shared.store, "n1", realRuntime).write(report, await membership());
		expect(await readReports(shared.store)).toEqual([{ node: "n1", report, problem: null }]);
		const { entries } = await shared.store.list("report");
		expect(entries.map(({ key }) => key)).toEqual(["report/n1"]);
		expect(entries[0]?.value.length).toBeLessThan(JSON.stringify(report).length / 10);
	});

	test("of a multipathd that does not answer comes back with what it listed before", async () => {
		const { maps, ...rest } = sampleReport("n1", 3);
		const report = { ...rest, maps: [], lastMaps: maps };
		await new ReportWriter(shared.store, "n1", realRuntime).write(report, await membership());
		expect(await readReports(shared.store)).toEqual([{ node: "n1", report, problem: null }]);
	});

	test("outlives the membership of its writer, parts and all", async () => {
		const report = sampleReport("n1", 200);
		await new ReportWriter(shared.store, "n1", realRuntime, 500).write(report, await membership());
		const written = await keys();
		expect(written.length).toBeGreaterThan(2);
		shared.timing.advance(20_000);
		await settle();
		expect(await shared.store.get("member/n1")).toBeNull();
		expect(await keys()).toEqual(written);
		expect(await readReports(shared.store)).toEqual([{ node: "n1", report, problem: null }]);
	});

	test("is written by the run that is the member, and by no run before it", async () => {
		const writer = new ReportWriter(shared.store, "n1", realRuntime, 500);
		const former = await membership();
		const report = sampleReport("n1", 200);
		await writer.write(report, former);
		await former.lease.revoke();
		expect(await codeOf(writer.write(sampleReport("n1", 300), former))).toBe("STORE_LEASE_LOST");
		expect(await readReports(shared.store)).toMatchObject([{ report }]);
		const next = await membership();
		expect(await codeOf(writer.write(sampleReport("n1"), former))).toBe("STORE_LEASE_LOST");
		expect(await readReports(shared.store)).toMatchObject([{ report }]);
		await new ReportWriter(shared.store, "n1", realRuntime).write(sampleReport("n1"), next);
		expect(await keys()).toEqual(["report/n1"]);
	});

	test("of an earlier run is told from one of the run that is the member now", async () => {
		const former = await membership();
		const writer = new ReportWriter(shared.store, "n1", realRuntime);
		await writer.write(sampleReport("n1"), former);
		const [before] = storedReports((await shared.store.list(reportPrefix)).entries);
		expect(before?.revision).toBeGreaterThan(former.revision);
		await former.lease.revoke();
		const next = await membership();
		expect(before?.revision).toBeLessThan(next.revision);
		await writer.write(sampleReport("n1"), next);
		const [now] = storedReports((await shared.store.list(reportPrefix)).entries);
		expect(now?.revision).toBeGreaterThan(next.revision);
	});

	test("that is too large for a value stands in parts, and former parts go", async () => {
		const writer = new ReportWriter(shared.store, "n1", realRuntime, 500);
		const held = await membership();
		for (const luns of [300, 5, 400, 350, 0]) {
			const report = sampleReport("n1", luns);
			await writer.write(report, held);
			expect(await readReports(shared.store)).toEqual([{ node: "n1", report, problem: null }]);
			const parts = (await keys()).filter((key) => key.startsWith("report-part/"));
			expect(new Set(parts.map((key) => key.split("/")[2])).size).toBe(parts.length === 0 ? 0 : 1);
		}
		const again = new ReportWriter(shared.store, "n1", realRuntime);
		await writer.write(sampleReport("n1", 300), held);
		await again.write(sampleReport("n1", 1), held);
		expect(await keys()).toEqual(["report/n1"]);
	});

	test("of several megabytes gets through the limits of the store", async () => {
		const report = sampleReport("n1");
		const noise = randomBytes(2_500_000).toString("base64");
		const large = {
			...report,
			findings: [{ code: "x", severity: "info" as const, subject: null, text: noise }],
		};
		await new ReportWriter(shared.store, "n1", realRuntime).write(large, await membership());
		expect((await keys()).length).toBeGreaterThan(3);
		expect(await readReports(shared.store)).toEqual([{ node: "n1", report: large, problem: null }]);
	});

	test("is whole at every revision while it is replaced", async () => {
		const { revision } = await shared.store.list("");
		const writer = new ReportWriter(shared.store, "n1", realRuntime, 300);
		const held = await membership();
		for (const luns of [100, 200, 50]) await writer.write(sampleReport("n1", luns), held);
		const { revision: end } = await shared.store.list("");
		const state = new Map<string, Entry>();
		const seen: number[] = [];
		let at = revision;
		while (at < end) {
			const [changeSet] = await take(shared.store, reportPrefix, at, 1);
			if (changeSet === undefined) throw new Error("the watch ended");
			at = changeSet.revision;
			for (const change of changeSet.changes)
				if (change.type === "put") state.set(change.entry.key, change.entry);
				else state.delete(change.key);
			for (const { read } of storedReports([...state.values()])) {
				const { report, problem } = read();
				expect(problem).toBeNull();
				if (report) seen.push(report.maps.length);
			}
		}
		expect([...new Set(seen)]).toEqual([100, 200, 50]);
	});

	test("is the same whatever the moment, and not when anything else differs", () => {
		const report = sampleReport("n1");
		expect(sameReport(report, { ...sampleReport("n1"), at: 5 })).toBe(true);
		expect(sameReport(report, { ...report, settling: true })).toBe(false);
		expect(sameReport(report, { ...report, maps: report.maps.slice(1) })).toBe(false);
		expect(sameReport(report, { ...report, applied: { ...report.applied, at: 5 } })).toBe(false);
	});
});

describe("reading reports", () => {
	test("a malformed report is a problem of its node and of no other", async () => {
		const report = sampleReport("n2");
		await new ReportWriter(shared.store, "n2", realRuntime).write(report, await membership("n2"));
		const values = [
			bytes(""),
			bytes("{}"),
			bytes("not a report"),
			bytes('{"generation":"g","parts":2}'),
			bytes('{"generation":"../n2","parts":1}'),
			bytes('{"generation":"g","parts":1e9}'),
			packed({}),
			packed(null),
			packed({ ...report, node: "n1", maps: {} }),
			packed({ ...report, node: "n1", settling: undefined }),
			packed({ ...report, node: "n1", intervalMs: 0 }),
			packed({ ...report, node: "n1", multipathd: { ...report.multipathd, state: "splendid" } }),
			packed({ ...report, node: "n1" }).subarray(0, 100),
			zstdCompressSync(bytes("{")),
			zstdCompressSync(Uint8Array.of(0xff, 0xfe)),
		];
		for (const value of values) {
			expect(await problemOf(value)).toMatch(/report\/n1 in the store cannot be read: .+/);
			expect((await readReports(shared.store)).find(({ node }) => node === "n2")).toMatchObject({ report });
		}
	});

	test("a report that one node writes for another is a problem", async () => {
		expect(await problemOf(packed(sampleReport("n2")))).toContain("it is the report of 'n2'");
	});

	test("a value that unpacks beyond all measure is refused before it fills the memory", async () => {
		const bomb = zstdCompressSync(Buffer.alloc(reportLimits.textBytes + 1, 32));
		expect(bomb.length).toBeLessThan(100_000);
		const before = process.memoryUsage().rss;
		expect(await problemOf(bomb)).toContain("larger than the report of any host");
		expect(process.memoryUsage().rss - before).toBeLessThan(reportLimits.textBytes);
	});

	test("what a newer agent adds is let through", async () => {
		expect(await problemOf(packed({ ...sampleReport("n1"), weather: "fine" }))).toBeNull();
	});

	test("keys below the prefix that name no node are left alone", async () => {
		await write(
			shared.store,
			put("report/", "x"),
			put("report/a b".replace(" ", "_"), "x"),
			put("reporter", "x"),
		);
		expect(await readReports(shared.store)).toEqual([]);
	});
});

import type { Report } from "@pathkeeper/model";
import { expect, it, onTestFinished } from "vitest";
import { observePulses } from "../../src/observe/observe-pulses.ts";
import { Observer } from "../../src/observe/observer.ts";
import { CountedRounds } from "../counted-rounds.ts";
import { HeldReconfigure } from "../held-reconfigure.ts";
import { hostWith, interceptedHost } from "../intercepted-host.ts";
import { codesOf, fastClock, keptLog, milk, oil, oneNode, until } from "../one-node.ts";

const nothingApplied = {
	applied: { state: "pending", configDigest: null, overridesDigest: null, at: null, error: null },
	findings: [],
} as const;

const circumstance = {
	code: "store-in-the-clear",
	severity: "warning",
	subject: null,
	text: "it is",
} as const;

/** An observer of a node with one map, and the reports that it gives. */
async function observed(
	options: Partial<HeldReconfigure["options"]> & {
		intervalMs?: number;
		formerReport?: () => Promise<Report | null>;
	} = {},
) {
	const { intervalMs = 3_000, formerReport = () => Promise.resolve(null), ...rest } = options;
	const node = await oneNode(rest);
	node.listByHand(milk);
	await node.host.multipathd.reconfigure();
	await expect.poll(async () => (await node.host.multipathd.status()).phase).toBe("idle");
	const reports: Report[] = [];
	const rounds = new CountedRounds();
	const observe = (host = node.host as Parameters<typeof hostWith>[0]) => {
		const observer = new Observer({
			host,
			clock: fastClock,
			log: keptLog(),
			agentVersion: "0.1.0",
			stateFolder: "/var/lib/pathkeeper/agent",
			intervalMs,
			answerMs: 20_000,
			circumstances: [circumstance],
			applied: () => nothingApplied,
			pulses: observePulses(rounds, "n1"),
			formerReport,
			publish: async (report) => {
				reports.push(report);
			},
		});
		const stop = new AbortController();
		const run = observer.run(stop.signal);
		onTestFinished(async () => {
			stop.abort();
			await run;
		});
		return observer;
	};
	const next = async (wanted: (report: Report) => boolean = () => true) => {
		const seen = reports.length;
		await until(
			() => reports.slice(seen).some(wanted),
			() => JSON.stringify(reports.at(-1), null, 1),
		);
		const found = reports.slice(seen).find(wanted);
		if (found === undefined) throw new Error("gone");
		return found;
	};
	return { node, host: node.host, reports, rounds, observe, next };
}

it("says in each report what is to be said of how the agent is run", async () => {
	const { observe, next } = await observed();
	observe();
	expect((await next()).findings).toContainEqual(circumstance);
	expect((await next(({ settling }) => !settling)).findings).toContainEqual(circumstance);
});

it("says that it is settling until the daemon was calm twice", async () => {
	const { observe, reports, next } = await observed();
	observe();
	await next(({ settling }) => !settling);
	expect(reports.map(({ settling }) => settling).slice(0, 2)).toEqual([true, false]);
});

it("looks soon after a block event, long before the next interval", async () => {
	const { observe, host, next } = await observed({ intervalMs: 3_600_000 });
	observe();
	await next();
	host.san.failPath("n1", "sda");
	const report = await next(({ maps }) =>
		maps.some((map) => map.groups.some(({ paths }) => paths.some(({ dmState }) => dmState === "failed"))),
	);
	expect(report.maps[0]?.wwid).toBe(milk);
});

it("notices what changes without an event within half a minute", async () => {
	const { observe, host, next } = await observed();
	observe();
	await next(({ settling }) => !settling);
	host.kernel.addOtherDm("vg0-swap");
	const report = await next(({ foreignDmNames }) => foreignDmNames.includes("vg0-swap"));
	expect(report.foreignDmNames).toContain("vg0-swap");
});

it("shows the last maps as settling while the daemon reads its configuration", async () => {
	const reconfigure = new HeldReconfigure();
	const { observe, host, node, next } = await observed(reconfigure.options);
	observe();
	await next(({ settling }) => !settling);
	node.listByHand(oil);
	reconfigure.hold();
	await host.multipathd.reconfigure();
	const during = await next(({ settling }) => settling);
	expect(during.multipathd.state).toBe("running");
	expect(during.maps.map(({ wwid }) => wwid)).toEqual([milk]);
	expect(codesOf(during)).not.toContain("map-unknown-to-daemon");
	reconfigure.release();
	const after = await next(({ settling }) => !settling);
	expect(after.maps.map(({ wwid }) => wwid)).toEqual([milk, oil]);
});

it("believes no daemon that goes on reading its configuration without end", async () => {
	const { observe, host, next } = await observed();
	const forever = hostWith(host, "multipathd", "status", () =>
		Promise.resolve({ pid: 4000, phase: "configure", pendingReconfigure: false }),
	);
	observe(forever);
	expect((await next()).settling).toBe(true);
	// Two minutes, which are two seconds here.
	const { multipathd, settling, maps, kernelMaps } = await next(
		(report) => report.multipathd.state === "silent",
	);
	expect(multipathd.problem).toMatch(/has been reading its configuration for 12\d s/);
	expect(settling).toBe(false);
	expect(maps).toEqual([]);
	expect(kernelMaps).toHaveLength(1);
});

it("drops a map from what the daemon listed last when the kernel has it no more", async () => {
	const reconfigure = new HeldReconfigure();
	const { observe, host, next } = await observed(reconfigure.options);
	observe();
	await next(({ settling }) => !settling);
	reconfigure.hold();
	await host.multipathd.reconfigure();
	const map = host.kernel.map(milk);
	if (map !== undefined) host.kernel.removeMap(map);
	expect((await next(({ kernelMaps }) => kernelMaps.length === 0)).maps).toEqual([]);
});

it("tells a daemon that was started anew by its process, and settles anew", async () => {
	const { observe, host, next } = await observed();
	let pid = 4000;
	let asked = 0;
	const renewed = interceptedHost(host, ({ method }, run) => {
		if (method === "version") asked++;
		return method === "status" ? Promise.resolve({ pid, phase: "idle", pendingReconfigure: false }) : run();
	});
	observe(renewed);
	await next(({ settling }) => !settling);
	await expect.poll(() => asked).toBeGreaterThan(0);
	const before = asked;
	pid = 4711;
	await next(({ settling }) => settling);
	await next(({ settling }) => !settling);
	await expect.poll(() => asked).toBeGreaterThan(before);
});

it("reports on a node whose state folder cannot be written", async () => {
	const { observe, node, next } = await observed();
	node.write("/var/lib/pathkeeper/agent", "");
	observe();
	const report = await next();
	expect(codesOf(report)).toContain("memory-not-kept");
	expect(report.maps).toHaveLength(1);
});

it("says what the kernel does not tell because a device hangs", async () => {
	const { observe, host, next } = await observed();
	const stuck = interceptedHost(host, (_, run) => run());
	observe({
		...stuck,
		sysfs: new Proxy(host.sysfs, {
			get: (target, name) => {
				if (name === "stuckReads") return () => ["/sys/block/sdb/device/vpd_pg83"];
				const member: unknown = Reflect.get(target, name, target);
				return typeof member === "function" ? member.bind(target) : member;
			},
		}),
	});
	const { findings } = await next();
	expect(findings.find(({ code }) => code === "kernel-read-stuck")?.text).toContain(
		"/sys/block/sdb/device/vpd_pg83",
	);
});

it("publishes nothing when it cannot look", async () => {
	const { observe, host, next, reports, rounds } = await observed();
	let blind = false;
	const flaky = hostWith(host, "sysfs", "kernelMaps", (_, run) =>
		blind ? Promise.reject(new Error("the kernel does not answer")) : run(),
	);
	const observer = observe(flaky);
	await next(({ settling }) => !settling);
	blind = true;
	observer.stir();
	// A round that had begun before may still end.
	await rounds.pass("observe", 1);
	const before = reports.length;
	await rounds.pass("observe", 3);
	expect(reports).toHaveLength(before);
	blind = false;
	await next();
});

it("keeps what multipathd listed last for as long as it does not answer, and no longer", async () => {
	const { host, observe, reports, next } = await observed();
	observe();
	const before = await next(({ settling, maps }) => !settling && maps.length === 1);
	expect(before.lastMaps).toBeUndefined();
	await host.daemon.kill();
	const silent = await next(({ multipathd }) => multipathd.state !== "running");
	expect(silent.maps).toEqual([]);
	expect(silent.lastMaps).toEqual(before.maps);
	const dead = reports.length;
	await host.daemon.start();
	const isCalm = ({ multipathd, settling }: Report) => multipathd.state === "running" && !settling;
	const after = await next((report) => isCalm(report) && report.maps.length === 1);
	expect(after.lastMaps).toBeUndefined();
	const started = reports.slice(dead).find(({ multipathd }) => multipathd.state === "running");
	expect(started?.settling).toBe(true);
	expect(started?.lastMaps).toEqual(before.maps);
});

it("keeps what multipathd listed last while it lists nothing yet after a restart", async () => {
	const { host, observe, next } = await observed();
	let lists = true;
	let pid = 4000;
	observe(
		interceptedHost(host, ({ port, method }, run) => {
			if (port !== "multipathd") return run();
			if (method === "status") return Promise.resolve({ pid, phase: "idle", pendingReconfigure: false });
			if (method === "busy" && !lists) return Promise.resolve(true);
			if (method === "maps" && !lists) return Promise.resolve({ daemon: "ok", maps: [], problems: [] });
			return run();
		}),
	);
	const before = await next(({ settling, maps }) => !settling && maps.length === 1);
	lists = false;
	pid = 4711;
	const during = await next(({ settling, maps }) => settling && maps.length === 0);
	expect(during.multipathd.state).toBe("running");
	expect(during.lastMaps).toEqual(before.maps);
	lists = true;
	expect((await next(({ settling }) => !settling)).lastMaps).toBeUndefined();
});

it("asks for the report of an earlier run until it is answered, and reports nothing before", async () => {
	let asked = 0;
	const { observe, host, reports, next } = await observed({
		formerReport: async () => {
			asked++;
			if (asked <= 2) throw new Error("the store does not answer");
			expect(reports).toEqual([]);
			return null;
		},
	});
	await host.daemon.kill();
	observe();
	expect((await next()).lastMaps).toBeUndefined();
	await next();
	expect(asked).toBe(3);
});

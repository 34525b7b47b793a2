import type { Host } from "@pathkeeper/host";
import { PathkeeperError, pathState } from "@pathkeeper/model";
import { lunContents, type SimulatedHost } from "@pathkeeper/simulator";
import { expect, it, onTestFinished } from "vitest";
import { ManualRuntime } from "../../../model/test/runtime/manual-runtime.ts";
import type { Clock } from "../../src/index.ts";
import { LvmWatch } from "../../src/observe/lvm-watch.ts";
import { hostWith, interceptedHost } from "../intercepted-host.ts";
import { fastClock, keptLog, milk, type OneNode, oil, oneNode } from "../one-node.ts";
import { lookOnce } from "./look-once.ts";

const options = { pollingIntervalS: null, deadlineMs: 1_000 };

/** Maps of both LUNs; `milk` carries a group. */
async function withMaps(): Promise<OneNode> {
	const node = await oneNode({ release: "0.15.1" });
	node.listByHand(milk);
	node.listByHand(oil);
	await node.host.multipathd.reconfigure();
	await expect.poll(() => node.host.kernel.maps.length).toBe(2);
	return node;
}

/** Begins to watch. `look` looks once more; `asked` are the calls of LVM so far. */
function watched(host: SimulatedHost, spoiled: Host = host, clock: Clock = fastClock) {
	const asked: string[] = [];
	const counted = interceptedHost(spoiled, ({ port, method }, run) => {
		if (port === "lvm") asked.push(method);
		return run();
	});
	const watch = new LvmWatch({
		host: counted,
		clock,
		log: keptLog(),
		intervalMs: 1_000,
		onNews: () => undefined,
	});
	const stop = new AbortController();
	const run = watch.run(stop.signal);
	onTestFinished(async () => {
		stop.abort();
		await run;
	});
	return {
		look: async () => watch.note(await lookOnce(host, options)),
		findings: () => watch.findings().map(({ code }) => code),
		texts: () => watch.findings().map(({ text }) => text),
		asked,
	};
}

const whole = ["version", "ownPhysicalVolumes", "physicalVolumes"];

it("finds nothing wrong with LVM that sees maps only", async () => {
	const watch = watched((await withMaps()).host);
	await watch.look();
	await expect.poll(() => watch.asked).toEqual(whole);
	expect(watch.findings()).toEqual([]);
});

it("asks nothing again as long as maps and paths are the same, and again when they are not", async () => {
	const node = await withMaps();
	const clock = new ManualRuntime();
	const watch = watched(node.host, node.host, clock);
	const rounds = async (count: number) => {
		await expect.poll(() => clock.pending).toBe(1);
		for (let round = 0; round < count; round++) await clock.pass(1_000);
	};
	for (let look = 0; look < 5; look++) await watch.look();
	await rounds(5);
	await expect.poll(() => watch.asked).toEqual(whole);
	await watch.look();
	await rounds(10);
	expect(clock.pending).toBe(1);
	expect(watch.asked).toEqual(whole);
	const [disk] = node.host.kernel.disksOf(oil);
	node.host.kernel.removeDisk(disk?.dev ?? "");
	await watch.look();
	await rounds(5);
	await expect.poll(() => watch.asked).toEqual([...whole, ...whole]);
});

it("finds LVM that sees the paths of a map, and of LUNs that no map joins", async () => {
	const node = await withMaps();
	node.host.setLvmSight({ paths: true });
	const watch = watched(node.host);
	await watch.look();
	await expect.poll(watch.findings).toContain("raw-path-pv");
	expect(watch.texts().filter((text) => text.includes(`LUN ${milk}`))).toEqual([
		expect.stringContaining("beside its map"),
	]);
	for (const text of watch.texts()) expect(text).toMatch(/beside its map|no map that joins them/);
});

it("finds a LUN that is a copy of another, and mentions those at which LVM does not look", async () => {
	const { host } = await withMaps();
	const contents = lunContents(host.san);
	const original = contents.get(milk);
	if (original === undefined) throw new Error("the LUN carries nothing");
	contents.set(oil, original);
	const watch = watched(host);
	await watch.look();
	await expect.poll(watch.findings).toEqual(["duplicate-pv"]);
	host.setLvmSight({ maps: false });
	const blind = watched(host);
	await blind.look();
	await expect.poll(blind.findings).toEqual(["pv-hidden", "pv-hidden"]);
});

it("does not ask LVM, which might hang, while a map has no path that answers, and says so", async () => {
	const { host } = await withMaps();
	for (const { dev } of host.kernel.disksOf(milk)) host.san.failPath(host.node, dev);
	const dead = async () =>
		(await lookOnce(host, options)).daemon.maps
			.filter(({ groups }) =>
				groups.every(({ paths }) => paths.every((path) => pathState(path) === "failed")),
			)
			.map(({ wwid }) => wwid);
	await expect.poll(dead).toEqual([milk]);
	const watch = watched(host);
	await watch.look();
	await expect.poll(watch.findings).toEqual(["lvm-unknown"]);
	expect(watch.texts()[0]).toContain("no path that answers");
	expect(watch.asked).toEqual(["version"]);
	for (const { dev } of host.kernel.disksOf(milk)) host.san.restorePath(host.node, dev);
	await expect.poll(dead).toEqual([]);
	await watch.look();
	await expect.poll(watch.findings).toEqual([]);
});

it("says that it is not known what LVM sees when LVM does not tell, and nothing where it is not installed", async () => {
	const { host } = await withMaps();
	const problem = new PathkeeperError("PROCESS_DEADLINE", { program: "lvm", seconds: 15 });
	const silent = watched(
		host,
		hostWith(host, "lvm", "ownPhysicalVolumes", () => Promise.reject(problem)),
	);
	await silent.look();
	await expect.poll(silent.findings).toEqual(["lvm-unknown"]);
	const without = watched(
		host,
		hostWith(host, "lvm", "version", () => Promise.resolve(null)),
	);
	await without.look();
	await expect.poll(() => without.asked).toEqual(["version"]);
	expect(without.findings()).toEqual([]);
});

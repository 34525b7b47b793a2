import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FleetMemory, memoryDocument, type NodeView, recalledMemory } from "../../../src/index.ts";
import { anyNode, wwids } from "../any-fleet.ts";
import {
	allowed,
	candidate,
	failed,
	healthyMap,
	mapWith,
	node,
	pathTo,
	silentNode,
	wwid,
} from "../fleet-of.ts";
import { minute, WatchedFleet } from "./watched-fleet.ts";

const lame = (...portals: readonly number[]) =>
	mapWith([1, 2, 3, 4].map((portal) => pathTo(portal, portals.includes(portal) ? failed : {})));
const withMap = (name: string, map = healthyMap(4)) => node(name, { map });
const threeNodes = () =>
	new WatchedFleet(
		[allowed()],
		["n1", "n2", "n3"].map((name) => withMap(name)),
	);

describe("the log of a fleet", () => {
	test("begins without a word about what is well", () => {
		const fleet = new WatchedFleet([], []);
		fleet.memory = new FleetMemory();
		fleet.allow([allowed()]);
		expect(fleet.texts([withMap("n1")])).toEqual([]);
	});

	test("tells of a node that goes silent once, with its LUNs and how they are elsewhere, whatever they were", () => {
		const luns = [1, 2, 3].map((n) => allowed({ wwid: `3600${n}`, alias: `lun-${n}` }));
		const maps = luns.map(({ wwid: id }, at) => ({ ...(at === 2 ? lame(1) : healthyMap(4)), wwid: id }));
		const well = luns.map(({ wwid: id }) => healthyMap(4, { wwid: id }));
		const fleet = new WatchedFleet(luns, [
			node("n1", { maps: well }),
			node("n2", { maps: well }),
			node("n3", { maps }),
		]);
		expect(fleet.fleet.lun("36003")?.state).toBe("degraded");
		const told = fleet.after([{ ...silentNode("n3", { online: false }), last: node("n3", { maps }).report }]);
		expect(told).toMatchObject([
			{
				kind: "node",
				event: "offline",
				nodes: ["n3"],
				luns: ["36001", "36002", "36003"],
				details: ["n3: 2 LUNs are optimal on 2 nodes and not known on n3"],
			},
		]);
		expect(fleet.fleet.lun("36003")?.state).toBe("unknown");
		expect(fleet.texts([node("n3", { maps })])).toEqual(["n3 reports again"]);
	});

	test("does not call a LUN well because a node that saw another size went silent", () => {
		const larger = healthyMap(4, { sizeBytes: 20 * 1024 ** 3 });
		const fleet = new WatchedFleet([allowed()], [withMap("n1"), withMap("n2", larger)]);
		expect(fleet.fleet.lun(wwid)?.state).toBe("degraded");
		const silent = { ...silentNode("n2", { online: false }), last: withMap("n2", larger).report };
		expect(fleet.texts([silent])).toEqual([expect.stringMatching(/^no sign of life/)]);
	});

	test("begins with what is not", () => {
		const fleet = new WatchedFleet([], []);
		fleet.memory = new FleetMemory();
		fleet.allow([allowed()]);
		expect(fleet.texts([withMap("n1", lame(1))])).toEqual([
			"LUN db-log was found degraded on n1 when watching began",
		]);
	});

	test("begins with every node that is not well, each with the state that it has itself", () => {
		const fleet = new WatchedFleet([], []);
		fleet.memory = new FleetMemory();
		fleet.allow([allowed()]);
		const entries = fleet.after([
			withMap("n1", lame(1, 2, 3, 4)),
			withMap("n2", lame(1)),
			silentNode("n3", { online: false }),
			node("n4", { daemon: { state: "silent", problem: "it does not answer" } }),
		]);
		expect(entries.map(({ text, nodes }) => [text, nodes])).toEqual([
			["when watching began: no sign of life from the agent on n3: what its LUNs do is not known", ["n3"]],
			["when watching began: multipathd is silent on n4", ["n4"]],
			[
				"LUN db-log was found failed on n1, degraded on n2 when watching began; not known on n3 and n4",
				["n1", "n2"],
			],
		]);
		expect(fleet.texts([withMap("n4")])).toEqual(["multipathd answers again on n4"]);
	});

	test("misses a node from the beginning only when it had time to report", () => {
		const fleet = new WatchedFleet([], []);
		fleet.memory = new FleetMemory();
		fleet.allow([allowed()]);
		fleet.set(...["n1", "n2"].map((name) => silentNode(name, { online: false })));
		fleet.step();
		expect(fleet.close(true)).toEqual([]);
		fleet.set(withMap("n2"));
		fleet.step();
		expect(fleet.close(true)).toEqual([]);
		expect(fleet.close(false)).toMatchObject([{ kind: "node", event: "offline", nodes: ["n1"] }]);
		expect(fleet.close(false)).toEqual([]);
	});

	test("names each node with the state that it has itself, and not with the worst of the LUN", () => {
		const fleet = threeNodes();
		const broken = fleet.after([withMap("n1", lame(1, 2, 3, 4)), withMap("n2", lame(1))]);
		expect(broken.find(({ kind }) => kind === "lun")).toMatchObject({
			event: "failed",
			text: "LUN db-log is failed on n1, degraded on n2, before: optimal",
			nodes: ["n1", "n2"],
		});
		const better = fleet.after([withMap("n1")]);
		expect(better.find(({ kind }) => kind === "lun")).toMatchObject({
			event: "degraded",
			text: "LUN db-log is degraded on n2, optimal on n1, before: failed",
		});
		fleet.after([withMap("n1", lame(1, 2, 3, 4))]);
		expect(fleet.texts([withMap("n1"), withMap("n2")])).toContain(
			"LUN db-log is optimal, before: failed on n1, degraded on n2",
		);
	});

	test("does not give a state to a node that is silent now", () => {
		const fleet = threeNodes();
		fleet.after([withMap("n1", lame(1)), withMap("n2", lame(1, 2, 3, 4))]);
		fleet.after([silentNode("n1", { online: false })]);
		expect(fleet.texts([withMap("n2")])).toContain(
			"LUN db-log is degraded, optimal on n2, before: failed; not known on n1",
		);
	});

	test("explains a LUN that got worse on one more node by that node", () => {
		const fleet = threeNodes();
		fleet.after([withMap("n1", lame(1))]);
		const worse = fleet.after([withMap("n2", lame(2))]).find(({ kind }) => kind === "lun");
		expect(worse).toMatchObject({ text: "LUN db-log is degraded on n2", nodes: ["n2"] });
		expect(worse?.details.join()).toContain("n2: ");
		expect(worse?.details.join()).not.toContain("n1: ");
	});

	test("says of a node that joins how its LUNs were found, and not that they became so", () => {
		const fleet = threeNodes();
		expect(fleet.texts([withMap("n4", lame(1, 2, 3, 4))])).toContain(
			"LUN db-log was found failed on n4, before: optimal",
		);
		expect(fleet.texts([withMap("n5", lame(1, 2, 3, 4))])).toContain("LUN db-log was found failed on n5");
	});

	test("tells a path that failed, what became of its LUN, and both recoveries", () => {
		const fleet = threeNodes();
		const [path, lun, ...rest] = fleet.after([withMap("n2", lame(2))]);
		expect(rest).toEqual([]);
		expect(path).toMatchObject({
			kind: "path",
			event: "failed",
			severity: "warning",
			text: "1 path of db-log failed on n2 through 192.168.72.2:3260",
			nodes: ["n2"],
			luns: [wwid],
			ports: ["192.168.72.2:3260"],
			paths: 1,
			count: 1,
			details: ["n2: path sdc of db-log through 192.168.72.2:3260"],
			unwatchedSince: null,
		});
		expect(lun).toMatchObject({
			kind: "lun",
			event: "degraded",
			text: "LUN db-log is degraded on n2, before: optimal",
			nodes: ["n2"],
		});
		expect(lun?.details[0]).toContain("n2: 3 of 4 paths work");
		expect(fleet.texts([withMap("n2")])).toEqual([
			"1 path of db-log came back on n2 through 192.168.72.2:3260",
			"LUN db-log is optimal, before: degraded on n2",
		]);
	});

	test("tells of the nodes that fall short when another shows more paths", () => {
		const fleet = new WatchedFleet(
			[allowed()],
			["n1", "n2", "n3"].map((name) => withMap(name, healthyMap(2))),
		);
		expect(fleet.texts([withMap("n1", healthyMap(4))])).toContain(
			"LUN db-log is degraded on n2 and n3, before: optimal",
		);
	});

	test("tells a LUN that gets worse on one more node, and is not better for one that recovers", () => {
		const fleet = threeNodes();
		fleet.after([withMap("n1", lame(1))]);
		expect(fleet.texts([withMap("n2", lame(1))])).toContain("LUN db-log is degraded on n2");
		expect(fleet.texts([withMap("n1")])).toContain("LUN db-log is optimal on n1");
		expect(fleet.texts([withMap("n2")])).toContain("LUN db-log is optimal, before: degraded on n2");
	});

	test("says nothing when nothing happened", () => {
		const fleet = threeNodes();
		expect(fleet.texts([withMap("n1"), withMap("n2")])).toEqual([]);
	});

	test("tells a switch of the active controller to nobody", () => {
		const fleet = threeNodes();
		const switched = mapWith([1, 2, 3, 4].map((portal) => pathTo(portal, { checkerState: "ghost" })));
		const mixed = mapWith([pathTo(1), pathTo(2), pathTo(3, { checkerState: "ghost" }), pathTo(4)]);
		expect(fleet.texts([withMap("n1", mixed)])).toEqual([]);
		expect(fleet.after([withMap("n1", switched)]).map(({ kind }) => kind)).toEqual(["lun"]);
	});

	test("waits with a path of which its checker knows nothing yet", () => {
		const fleet = threeNodes();
		const undecided = mapWith([pathTo(1, { checkerState: "undef" }), pathTo(2), pathTo(3), pathTo(4)]);
		expect(fleet.after([withMap("n1", undecided)]).map(({ kind }) => kind)).toEqual(["lun"]);
		expect(fleet.after([withMap("n1", lame(1))]).map(({ event }) => event)).toEqual(["failed"]);
	});

	test("tells a path whose device vanished, and knows it again under another name", () => {
		const fleet = threeNodes();
		const three = mapWith([pathTo(1), pathTo(2), pathTo(3)]);
		expect(fleet.texts([withMap("n1", three)])[0]).toBe(
			"1 path of db-log disappeared on n1 through 192.168.72.4:3260",
		);
		const back = mapWith([pathTo(1), pathTo(2), pathTo(3), pathTo(4, { dev: "sdz", hctl: "9:0:0:1" })]);
		expect(fleet.after([withMap("n1", back)])[0]).toMatchObject({
			event: "restored",
			details: ["n1: path sdz of db-log through 192.168.72.4:3260"],
		});
	});

	test("tells a path that was never there before as new", () => {
		const fleet = threeNodes();
		expect(fleet.after([withMap("n1", healthyMap(5))])[0]?.event).toBe("new");
	});

	test("shows a path that failed and came back within one window", () => {
		const fleet = threeNodes();
		fleet.set(withMap("n1", lame(1)));
		fleet.step();
		expect(fleet.texts([withMap("n1")])).toEqual([
			"1 path of db-log failed and came back on n1 through 192.168.72.1:3260",
		]);
	});
});

describe("a burst", () => {
	const luns = Array.from({ length: 100 }, (_, at) => `36001405${String(at).padStart(4, "0")}`);
	const names = Array.from({ length: 5 }, (_, at) => `n${at + 1}`);
	const all = (bad: readonly number[]) =>
		luns.map((id) =>
			mapWith(
				[1, 2, 3, 4].map((portal) => pathTo(portal, bad.includes(portal) ? failed : {})),
				{ wwid: id },
			),
		);
	const big = () =>
		new WatchedFleet(
			luns.map((id) => allowed({ wwid: id, alias: null })),
			names.map((name) => node(name, { maps: all([]) })),
		);

	test("of a port that fails everywhere is one entry, and one for the LUNs", () => {
		const fleet = big();
		const entries = fleet.after(names.map((name) => node(name, { maps: all([1]) })));
		expect(entries.map(({ text, paths }) => [text, paths])).toEqual([
			["500 paths of 100 LUNs failed on n1, n2, n3 and 2 more nodes through 192.168.72.1:3260", 500],
			["100 LUNs are degraded on n1, n2, n3 and 2 more nodes, before: optimal", 0],
		]);
		expect(entries[0]?.luns).toEqual(luns);
		expect(entries[0]?.details).toHaveLength(20);
	});

	test("of a fabric with two ports is one entry", () => {
		const fleet = big();
		const [paths] = fleet.after(names.map((name) => node(name, { maps: all([1, 2]) })));
		expect(paths?.text).toBe(
			"1000 paths of 100 LUNs failed on n1, n2, n3 and 2 more nodes through 192.168.72.1:3260 and 192.168.72.2:3260",
		);
	});

	test("of two causes lists with each only its own paths", () => {
		const fleet = big();
		const entries = fleet.after([
			node("n1", { maps: all([1, 3]).slice(0, 3).concat(all([]).slice(3)) }),
			node("n2", { maps: all([3]).slice(0, 3).concat(all([]).slice(3)) }),
		]);
		const paths = entries.filter(({ kind }) => kind === "path");
		expect(paths.map(({ ports, details }) => [ports, details.length])).toEqual([
			[["192.168.72.1:3260"], 3],
			[["192.168.72.3:3260"], 6],
		]);
		for (const { ports, details } of paths)
			for (const line of details) expect(line).toContain(`through ${ports[0]}`);
	});

	test("of a node that loses a card is one entry for that node", () => {
		const fleet = big();
		const entries = fleet.after([
			node("n1", { maps: all([1, 2]) }),
			...names.slice(1).map((name) => node(name, { maps: all([3]) })),
		]);
		expect(entries.filter(({ kind }) => kind === "path").map(({ nodes, ports }) => [nodes, ports])).toEqual([
			[["n1"], ["192.168.72.1:3260", "192.168.72.2:3260"]],
			[["n2", "n3", "n4", "n5"], ["192.168.72.3:3260"]],
		]);
	});
});

describe("a node", () => {
	test("that goes away is one entry, and none for what is not known of its LUNs", () => {
		const fleet = threeNodes();
		expect(fleet.texts([silentNode("n1", { online: false })])).toEqual([
			"no sign of life from the agent on n1: what its LUNs do is not known",
		]);
		expect(fleet.texts([withMap("n1")])).toEqual(["n1 reports again"]);
	});

	test("that comes back different tells what is different", () => {
		const fleet = threeNodes();
		fleet.after([silentNode("n1", { online: false })]);
		expect(fleet.texts([withMap("n1", lame(1))])).toEqual([
			"n1 reports again",
			"1 path of db-log failed on n1 through 192.168.72.1:3260",
			"LUN db-log is degraded on n1, before: optimal",
		]);
	});

	test("that goes away with its trouble does not make the LUN well", () => {
		const fleet = threeNodes();
		fleet.after([withMap("n1", lame(1))]);
		expect(fleet.texts([silentNode("n1", { online: false })])).toHaveLength(1);
		expect(fleet.texts([withMap("n1")])).toContain("LUN db-log is optimal, before: degraded on n1");
	});

	test("whose multipathd is silent is told once, with what the daemon says", () => {
		const fleet = threeNodes();
		const silent = node("n1", { daemon: { state: "silent", problem: "it does not answer" } });
		expect(fleet.after([silent])).toMatchObject([
			{ kind: "daemon", event: "silent", severity: "error", details: ["n1: it does not answer"] },
		]);
		expect(fleet.texts([withMap("n1")])).toEqual(["multipathd answers again on n1"]);
	});

	test("that settles is not believed until it is calm", () => {
		const fleet = threeNodes();
		expect(fleet.texts([node("n1", { map: null, settling: true })])).toEqual([]);
		expect(fleet.texts([node("n1", { map: lame(1), settling: true })])).toEqual([]);
		expect(fleet.texts([withMap("n1")])).toEqual([]);
	});

	test("that cannot apply the configuration is told with the error, and so is its recovery", () => {
		const fleet = threeNodes();
		const broken = ["n1", "n2"].map((name) => node(name, { applied: { state: "failed", error: "line 7" } }));
		expect(fleet.after(broken)).toMatchObject([
			{
				kind: "apply",
				text: "the configuration could not be applied on n1 and n2",
				details: ["n1: line 7", "n2: line 7"],
			},
		]);
		expect(fleet.texts([withMap("n1"), withMap("n2")])).toEqual([
			"the configuration is accepted again on n1 and n2",
		]);
	});

	test("with a finding tells it when it appears and when it vanishes", () => {
		const fleet = threeNodes();
		const finding = {
			code: "lun-queues",
			severity: "warning" as const,
			subject: wwid,
			text: "it queues forever",
		};
		expect(fleet.after([node("n1", { findings: [finding] })])).toMatchObject([
			{ kind: "finding", event: "appeared", luns: [wwid], details: ["n1: it queues forever"] },
		]);
		expect(fleet.after([withMap("n1")])).toMatchObject([{ kind: "finding", event: "vanished" }]);
	});

	test("that joins is new, and one that is forgotten was taken out", () => {
		const fleet = threeNodes();
		expect(fleet.texts([withMap("n4")])).toEqual(["n4 joined the fleet"]);
		fleet.fleet.removeNode("n4");
		expect(fleet.texts([])).toEqual(["n4 was taken out of the fleet"]);
	});

	test("that has not begun to report after a restart is not missed yet", () => {
		const fleet = threeNodes();
		fleet.set(silentNode("n1", { online: false }));
		fleet.fleet.judge();
		fleet.restart();
		expect(fleet.close(true)).toEqual([]);
		expect(fleet.close(false)).toMatchObject([{ kind: "node", event: "offline", nodes: ["n1"] }]);
	});

	test("that reported since the restart and goes away is missed at once", () => {
		const fleet = threeNodes();
		fleet.restart();
		expect(fleet.close(true)).toEqual([]);
		fleet.set(silentNode("n1", { online: false }));
		fleet.step();
		expect(fleet.close(true)).toMatchObject([{ kind: "node", event: "offline", nodes: ["n1"] }]);
	});
});

describe("a LUN", () => {
	test("that is seen with two sizes is told though every path works", () => {
		const fleet = threeNodes();
		const [entry] = fleet.after([node("n1", { candidates: [candidate({ sizeBytes: 5 })] })]);
		expect(entry).toMatchObject({ kind: "lun", event: "degraded" });
		expect(entry?.details[0]).toContain("different sizes");
	});

	test("that is new is not told while its nodes may only be slow", () => {
		const fleet = threeNodes();
		const fresh = "36001405fresh";
		fleet.allow([allowed(), allowed({ wwid: fresh, alias: "fresh" })], "d2");
		expect(fleet.texts([])).toEqual([]);
		const applied = { applied: { configDigest: "d2" } };
		expect(fleet.texts([node("n1", applied)])).toEqual([
			"LUN fresh was found missing on n1; not known on n2 and n3",
		]);
		expect(
			fleet.texts([node("n1", { ...applied, maps: [healthyMap(4), healthyMap(4, { wwid: fresh })] })]),
		).toEqual(["LUN fresh is optimal, before: missing on n1; not known on n2 and n3"]);
	});

	test("that nobody allows is no matter of the log", () => {
		const fleet = threeNodes();
		const stranger = mapWith([pathTo(1, failed)], { wwid: "36001405stranger" });
		expect(fleet.texts([node("n1", { maps: [healthyMap(4), stranger] })])).toEqual([]);
	});

	test("that is forgotten leaves no trace in the memory", () => {
		const fleet = threeNodes();
		fleet.allow([], "d2");
		fleet.after(["n1", "n2", "n3"].map((name) => node(name, { map: null, applied: { configDigest: "d2" } })));
		expect(memoryDocument(fleet.memory).luns).toEqual([]);
	});
});

describe("a path that fails again and again", () => {
	function flap(fleet: WatchedFleet, times: number, name = "n1"): string[] {
		return Array.from({ length: times }, () => [
			...fleet.after([withMap(name, lame(1))], minute),
			...fleet.after([withMap(name)], minute),
		])
			.flat()
			.flatMap(({ kind, event }) => (kind === "path" ? event : []));
	}

	test("is folded into one entry from its third failure on", () => {
		const fleet = threeNodes();
		expect(flap(fleet, 10)).toEqual(["failed", "restored", "failed", "restored"]);
		expect(fleet.series()).toMatchObject([
			{
				event: "flapping",
				count: 10,
				paths: 1,
				nodes: ["n1"],
				luns: [wwid],
				text: `1 path of ${wwid} on n1 through 192.168.72.1:3260 failed again and again: 10 times so far`,
			},
		]);
		const [series] = fleet.series();
		expect((series?.until ?? 0) - (series?.at ?? 0)).toBe(15 * minute);
	});

	test("is told to be steady ten minutes after the last failure", () => {
		const fleet = threeNodes();
		flap(fleet, 4);
		expect(fleet.texts([], 9 * minute)).toEqual([]);
		expect(fleet.after([], 2 * minute)).toMatchObject([
			{
				kind: "path",
				event: "steady",
				severity: "info",
				count: 4,
				text: "1 path of db-log on n1 through 192.168.72.1:3260: steady again, after 4 failures in 3 minutes",
			},
		]);
		expect(fleet.series()).toEqual([]);
		expect(flap(fleet, 1)).toEqual(["failed", "restored"]);
	});

	test("and stays failed is not told to be well", () => {
		const fleet = threeNodes();
		flap(fleet, 3);
		fleet.after([withMap("n1", lame(1))], minute);
		expect(fleet.after([], 11 * minute)).toMatchObject([
			{ kind: "lun", event: "degraded", nodes: ["n1"] },
			{ kind: "path", event: "steady", severity: "warning" },
		]);
	});

	test("folds what it does to its LUN, and not that the LUN fails", () => {
		const fleet = threeNodes();
		flap(fleet, 3);
		expect(fleet.texts([withMap("n1", lame(1))], minute)).toEqual([]);
		expect(fleet.texts([withMap("n1")], minute)).toEqual([]);
		const told = fleet.after([withMap("n1", lame(1, 2, 3, 4))], minute);
		expect(told.map(({ kind, event }) => `${kind} ${event}`)).toContain("lun failed");
	});

	test("makes one entry with others through the same port", () => {
		const fleet = threeNodes();
		flap(fleet, 3, "n1");
		flap(fleet, 3, "n2");
		expect(fleet.series()).toMatchObject([{ paths: 2, nodes: ["n1", "n2"] }]);
	});

	test("slower than three times in half an hour is told each time", () => {
		const fleet = threeNodes();
		for (let n = 0; n < 6; n++) {
			expect(fleet.after([withMap("n1", lame(1))], 20 * minute)[0]?.event).toBe("failed");
			expect(fleet.after([withMap("n1")], minute)[0]?.event).toBe("restored");
		}
	});
});

describe("after a restart of everything", () => {
	test("nothing is told twice", () => {
		const fleet = threeNodes();
		fleet.after([withMap("n2", lame(2))]);
		fleet.restart();
		expect(fleet.texts([])).toEqual([]);
	});

	test("what happened meanwhile is told", () => {
		const fleet = threeNodes();
		fleet.set(withMap("n2", lame(2)));
		fleet.fleet.judge();
		fleet.restart();
		expect(fleet.texts([])).toEqual([
			"1 path of db-log failed on n2 through 192.168.72.2:3260",
			"LUN db-log is degraded on n2, before: optimal",
		]);
	});

	test("a flapping path goes on where it was", () => {
		const fleet = threeNodes();
		for (let n = 0; n < 3; n++) {
			fleet.after([withMap("n1", lame(1))], minute);
			fleet.after([withMap("n1")], minute);
		}
		fleet.restart();
		expect(fleet.texts([withMap("n1", lame(1))])).not.toContain("path");
		expect(fleet.series()).toMatchObject([{ count: 4 }]);
	});

	test("memories are what they were, whatever the fleet went through", () => {
		const views = fc.array(fc.constantFrom("n1", "n2").chain(anyNode), { maxLength: 8 });
		fc.assert(
			fc.property(views, anyNode("n1"), (before: readonly NodeView[], last) => {
				const fleet = new WatchedFleet(
					wwids.map((id) => allowed({ wwid: id, alias: null })),
					[],
				);
				for (const view of before) fleet.after([view]);
				const recalled = recalledMemory(JSON.parse(JSON.stringify(memoryDocument(fleet.memory))));
				expect(memoryDocument(recalled)).toEqual(memoryDocument(fleet.memory));
				const told = fleet.after([last]);
				recalled.noteAll(fleet.fleet, fleet.at);
				expect(recalled.close(fleet.fleet, { at: fleet.at, awaitsNodes: false })).toEqual(told);
			}),
			{ numRuns: 500 },
		);
	});
});

import { releases } from "@pathkeeper/simulator";
import { describe, expect, it } from "vitest";
import { HeldReconfigure } from "../held-reconfigure.ts";
import { hostWith } from "../intercepted-host.ts";
import { codesOf, configFile, ledgerFile, milk, oil, oneNode, overridesFile, until } from "../one-node.ts";

describe.each(releases)("applying with multipath-tools %s", (release) => {
	it("makes nothing of an empty list", async () => {
		const node = await oneNode({ release });
		node.startAgent();
		const report = await node.applied();
		expect(report.maps).toEqual([]);
		expect(node.read(configFile)).toBeNull();
		expect(node.read(overridesFile)).toBeNull();
		expect(node.listedWwids()).toEqual([]);
	});

	it("lists an allowed LUN, writes its block and gets its map", async () => {
		const node = await oneNode({ release });
		node.startAgent();
		await node.allow(milk, { alias: "milk-run" });
		await node.applied();
		const report = await node.reported(({ maps, settling }) => maps.length === 1 && !settling, "the map");
		expect(report.maps[0]).toMatchObject({ wwid: milk, name: "milk-run" });
		expect(report.highestPaths).toEqual({ [milk]: 4 });
		expect(node.listedWwids()).toEqual([milk]);
		expect(node.ownedWwids()).toEqual([milk]);
		expect(node.read(configFile)).toContain('alias "milk-run"');
		expect(codesOf(report).filter((code) => code !== "multipath-tools-known-holes")).toEqual([]);
	});

	it("renames a map that is in use, and its users do not notice", async () => {
		const node = await oneNode({ release });
		node.startAgent();
		await node.allow(milk, { alias: "milk-run" });
		await node.applied();
		const reader = node.host.kernel.map(milk)?.read("read by a test");
		await node.config(`wwid: ${milk}\n\talias milky-way\n`);
		await node.applied();
		const report = await node.reported(({ maps }) => maps[0]?.name === "milky-way", "the new name");
		expect(report.kernelMaps[0]?.users).toEqual(["read by a test"]);
		expect(reader).toMatchObject({ errors: 0, waiting: false });
	});

	it("makes a LUN's own setting effective in the daemon", async () => {
		const node = await oneNode({ release });
		node.startAgent();
		await node.config(
			`defaults: defaults\n\tno-path-retry 6\n\nwwid: ${milk}\n\tno-path-retry 24\n\nwwid: ${oil}\n`,
		);
		await node.applied();
		const text = await node.host.multipathd.configLocal();
		const block = (wwid: string) => text.slice(text.indexOf(`wwid "${wwid}"`)).split("}")[0] ?? "";
		expect(block(milk)).toMatch(/no_path_retry 24/);
		expect(block(oil)).not.toMatch(/no_path_retry/);
		expect(text).toMatch(/no_path_retry 6/);
		const queueing = await node.reported(({ maps }) => maps.length === 2, "two maps");
		expect(queueing.maps.map((map) => map.queueing)).toEqual([{ seconds: 120 }, { seconds: 30 }]);
	});

	it("gives verbatim overrides to the daemon", async () => {
		const node = await oneNode({ release });
		node.startAgent();
		const text =
			'devices {\n\tdevice {\n\t\tvendor "LIO-ORG"\n\t\tproduct "vega"\n\t\tno_path_retry 9\n\t}\n}\n';
		await node.overrides(text);
		await node.applied();
		expect(node.read(overridesFile)).toContain(text);
		expect(await node.host.multipathd.config()).toMatch(/product "vega"/);
	});

	it("takes back what is ours when the config is emptied, and nothing else", async () => {
		const node = await oneNode({ release });
		const theirs = "# mine\ndefaults {\n\tchecker_timeout 11\n}\n";
		node.write("/etc/multipath/conf.d/50-mine.conf", theirs);
		node.write("/etc/multipath.conf", "defaults {\n\tverbosity 2\n}\n");
		node.listByHand(oil);
		node.startAgent();
		await node.allow(milk, { alias: "milk-run" });
		await node.allow(oil, { alias: "midnight-oil" });
		await node.overrides("overrides {\n\tno_path_retry 9\n}\n");
		await node.applied();
		await node.reported(({ maps }) => maps.length === 2, "both maps");
		expect(node.ownedWwids()).toEqual([milk]);
		await node.config("");
		await node.overrides("");
		await node.applied();
		const report = await node.reported(({ maps }) => maps.length === 1, "one map");
		expect(report.maps[0]?.wwid).toBe(oil);
		expect(node.read(configFile)).toBeNull();
		expect(node.read(overridesFile)).toBeNull();
		expect(node.listedWwids()).toEqual([oil]);
		expect(node.ownedWwids()).toEqual([]);
		expect(node.read("/etc/multipath/conf.d/50-mine.conf")).toBe(theirs);
		expect(node.read("/etc/multipath.conf")).toContain("verbosity 2");
	});
});

it("leaves a keyword out that 0.9.4 does not know, says so, and applies the rest", async () => {
	const node = await oneNode({ release: "0.9.4" });
	node.startAgent();
	await node.config(`defaults: defaults\n\tauto-resize grow_only\n\tno-path-retry 6\n\nwwid: ${milk}\n`);
	await node.applied();
	const { findings } = await node.reported(
		(report) => codesOf(report).includes("unknown-keyword"),
		"the finding",
	);
	expect(findings.find(({ code }) => code === "unknown-keyword")?.text).toMatch(
		/0\.9\.4 on n1 does not know auto-resize/,
	);
	expect(node.read(configFile)).not.toContain("auto_resize");
	expect(node.read(configFile)).toContain("no_path_retry");
	expect(node.host.kernel.map(milk)).toBeDefined();
});

it("applies the last of many changes that come in quick succession, and none is half there", async () => {
	const node = await oneNode();
	node.startAgent();
	for (let at = 1; at <= 30; at++) await node.config(`wwid: ${milk}\n\talias name-${at}\n`);
	await node.applied();
	await node.reported(({ maps }) => maps[0]?.name === "name-30", "the last name");
	expect(node.read(configFile)).toContain('alias "name-30"');
	expect(JSON.parse(node.read(ledgerFile) ?? "null")).toMatchObject({ unfinished: null });
});

it("takes up a change that comes while multipathd still reads the one before", async () => {
	const reconfigure = new HeldReconfigure();
	const node = await oneNode(reconfigure.options);
	node.startAgent();
	reconfigure.hold();
	await node.config(`wwid: ${milk}\n\talias first\n`);
	await until(
		async () => (await node.host.daemon.answer("show daemon")).includes("configure"),
		() => "idle",
	);
	await node.config(`wwid: ${milk}\n\talias second\n\nwwid: ${oil}\n`);
	reconfigure.release();
	await node.applied();
	const report = await node.reported(({ maps, settling }) => maps.length === 2 && !settling, "both maps");
	expect(report.maps.map(({ name }) => name)).toEqual(["second", oil]);
});

it("does nothing at all while host and wish agree", async () => {
	const node = await oneNode();
	node.startAgent();
	await node.allow(milk);
	await node.applied();
	await node.reported(({ settling, maps }) => !settling && maps.length === 1, "calm");
	const before = node.log.lines.length;
	const ledger = node.read(ledgerFile);
	await node.rounds("apply", 6);
	await node.rounds("observe", 2);
	expect(node.log.lines.slice(before).filter(({ message }) => message.startsWith("apply: "))).toEqual([]);
	expect(node.read(ledgerFile)).toBe(ledger);
});

it("knows after a restart what is its own", async () => {
	const node = await oneNode();
	node.listByHand(oil);
	const first = node.startAgent();
	await node.allow(milk);
	await node.allow(oil);
	await node.applied();
	await first.stop();
	node.startAgent();
	await node.config("");
	await node.applied();
	expect(node.listedWwids()).toEqual([oil]);
});

/** A node whose program of multipath-tools comes and goes. */
async function nodeWithout() {
	const node = await oneNode({ installed: false });
	const program = { isInstalled: false };
	const host = hostWith(node.host, "tools", "version", () =>
		Promise.resolve(program.isInstalled ? "0.11.1" : null),
	);
	return { node, program, start: () => node.startAgent({ host }) };
}

it("says that multipath-tools is not installed, and applies once it is", async () => {
	const { node, program, start } = await nodeWithout();
	start();
	await node.config(`wwid: ${milk}\n`);
	expect(await node.failure()).toMatch(/^multipath-tools is not installed/);
	expect(node.read(configFile)).toBeNull();
	program.isInstalled = true;
	for (const name of ["multipath", "multipathd"]) node.install(name);
	await node.host.daemon.start();
	await node.applied();
	expect(node.listedWwids()).toEqual([milk]);
});

it("is content with a host that has no multipath-tools and is to have no LUN", async () => {
	const { node, start } = await nodeWithout();
	start();
	const report = await node.applied();
	expect(report.multipathd.state).toBe("not-installed");
	expect(report.findings).toEqual([]);
});

it("takes its files away from a host whose multipath-tools was removed", async () => {
	const { node, program, start } = await nodeWithout();
	program.isInstalled = true;
	for (const name of ["multipath", "multipathd"]) node.install(name);
	await node.host.daemon.start();
	start();
	await node.allow(milk);
	await node.applied();
	await node.host.daemon.stop();
	for (const name of ["multipath", "multipathd"]) node.remove(`/usr/sbin/${name}`);
	program.isInstalled = false;
	await node.config("");
	await node.applied();
	expect(node.read(configFile)).toBeNull();
	// Only the program takes entries out, and they stay ours until it does.
	expect(node.ownedWwids()).toEqual([milk]);
});

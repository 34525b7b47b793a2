import { releases } from "@pathkeeper/simulator";
import { describe, expect, it } from "vitest";
import { interceptedHost } from "../intercepted-host.ts";
import { codesOf, fastClock, milk, oil, oneNode } from "../one-node.ts";

describe.each(releases)("a LUN that a rule of the host blacklists, with multipath-tools %s", (release) => {
	it("is a finding that names the rule, while the others are applied", async () => {
		const node = await oneNode({ release });
		node.write("/etc/multipath/conf.d/theirs.conf", `blacklist {\n\twwid "^${milk.slice(0, -1)}1$"\n}\n`);
		node.startAgent();
		await node.config(`wwid: ${milk}\n\nwwid: ${oil}\n`);
		await node.applied();
		const finding = await node.finding("blacklisted-by-rule");
		expect(finding).toMatchObject({ severity: "error", subject: milk });
		expect(finding.text).toContain(
			`the rule wwid "^${milk.slice(0, -1)}1$" in the blacklist of this host excludes it`,
		);
		expect(node.listedWwids()).toEqual([oil]);
		expect(node.ownedWwids()).toEqual([oil]);
	});

	it("is a finding, too, when the rule is about its device and multipath -a takes it", async () => {
		const node = await oneNode({ release });
		node.write(
			"/etc/multipath/conf.d/theirs.conf",
			'blacklist {\n\tdevice {\n\t\tvendor "LIO-ORG"\n\t\tproduct "vega"\n\t}\n}\n',
		);
		node.startAgent();
		await node.config(`wwid: ${milk}\n`);
		await node.applied();
		const { text } = await node.finding("blacklisted-by-rule");
		expect(text).toContain(
			`multipathd makes no map of LUN ${milk}: the rule device { vendor "LIO-ORG" product "vega" }`,
		);
	});
});

it("is taken in once the rule is gone", async () => {
	const node = await oneNode();
	node.write("/etc/multipath/conf.d/theirs.conf", 'blacklist {\n\twwid "^36001405d"\n}\n');
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await node.finding("blacklisted-by-rule");
	node.remove("/etc/multipath/conf.d/theirs.conf");
	await node.reported(
		(report) => report.maps.length === 1 && !codesOf(report).includes("blacklisted-by-rule"),
		"its map",
	);
	expect(node.ownedWwids()).toEqual([milk]);
});

it("does not make multipathd read its configuration again and again", async () => {
	const node = await oneNode();
	node.write("/etc/multipath/conf.d/theirs.conf", 'blacklist {\n\twwid "^36001405d"\n}\n');
	let reconfigured = 0;
	/** When `multipath -a` was called. */
	const tries: number[] = [];
	const counted = interceptedHost(node.host, ({ method }, run) => {
		if (method === "reconfigure") reconfigured++;
		if (method === "addWwid") tries.push(fastClock.monotonic());
		return run();
	});
	node.startAgent({ host: counted });
	await node.config(`wwid: ${milk}\n`);
	await node.finding("blacklisted-by-rule");
	await expect.poll(() => tries.length).toBeGreaterThanOrEqual(3);
	await node.rounds("apply", 1);
	const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
	expect(Math.min(...pauses)).toBeGreaterThanOrEqual(60_000);
	expect(reconfigured).toBe(1);
});

it("is not ours when somebody else adds it by hand later", async () => {
	const node = await oneNode();
	const rule = "/etc/multipath/conf.d/theirs.conf";
	node.write(rule, 'blacklist {\n\twwid "^36001405d"\n}\n');
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await node.finding("blacklisted-by-rule");
	expect(node.ownedWwids()).toEqual([]);
	node.listByHand(milk);
	node.remove(rule);
	await node.host.multipathd.reconfigure();
	await node.reported((report) => !codesOf(report).includes("blacklisted-by-rule"), "no finding");
	await node.config("");
	await node.applied();
	expect(node.listedWwids()).toEqual([milk]);
});

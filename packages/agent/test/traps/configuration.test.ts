/** Configuration that kills, hangs or opens a host, tried through the API and at the agent. */
import type { Initramfs } from "@pathkeeper/host";
import type { Finding } from "@pathkeeper/model";
import { demoSanPlan } from "@pathkeeper/simulator";
import { describe, expect, it } from "vitest";
import { hostWith } from "../intercepted-host.ts";
import { configFile, milk, type OneNode, oil, oneNode, overridesFile } from "../one-node.ts";
import { apiOf, verdict } from "./served-node.ts";

async function runningNode(options: Parameters<typeof oneNode>[0] = {}) {
	const node = await oneNode(options);
	node.startAgent();
	await node.config(`wwid: ${milk}\n\talias milk-run\n`);
	await node.applied();
	return { node, call: apiOf(node) };
}

/** What a host has of a configuration; it must not change by what is refused. */
const stateOf = (node: OneNode) => [node.read(configFile), node.read(overridesFile), node.listedWwids()];

describe("values that crash or hang multipathd are refused before they are stored", () => {
	it.each([
		["polling-interval", "0"],
		["polling-interval", "never"],
		["polling-interval", "-1"],
		["max-polling-interval", "0x10"],
		["partition-delimiter", "/"],
	])("%s %s", async (key, value) => {
		const { node, call } = await runningNode({ release: "0.15.1" });
		const before = stateOf(node);
		const { status, text } = await call("PUT", "/defaults", { [key]: value });
		expect(status).toBe(400);
		expect(text).toContain(key);
		expect(stateOf(node)).toEqual(before);
		expect(node.host.daemon.running).toBe(true);
	});
});

describe("overrides that end or open a host are refused with line and column", () => {
	it.each([
		[
			"a regular expression that glibc refuses, over which the daemon ends",
			'blacklist {\n\twwid "["\n}\n',
			"2",
		],
		[
			"a brace behind a value, which does not close",
			'blacklist {\n\twwid "a" }\nblacklist_exceptions {\n\twwid "b"\n}\n',
			"2",
		],
		["a section on one line, which loses the whole policy", 'blacklist { wwid ".*" }\n', "1"],
		[
			"a program that multipathd would run as root",
			'devices {\n\tdevice {\n\t\tvendor "x"\n\t\tproduct "y"\n\t\tgetuid_callout "/tmp/x"\n\t}\n}\n',
			"5",
		],
		["a section that is ours", "defaults {\n\tverbosity 3\n}\n", "1"],
		["a section that is not closed", "overrides {\n\tno_path_retry 9\n", "1"],
	])("%s", async (_, text, line) => {
		const { node, call } = await runningNode();
		const before = stateOf(node);
		const answer = await call("PUT", "/overrides", { text });
		expect(answer.status).toBe(400);
		expect(answer.text).toMatch(new RegExp(`line ${line}, column \\d+`));
		expect(stateOf(node)).toEqual(before);
	});
});

describe("names", () => {
	it.each(['a"b', "a b", "../x", "dm-3", "mpatha", oil, "-x", ""])(
		"that break JSON or collide are refused as alias: %j",
		async (alias) => {
			const { node, call } = await runningNode();
			const { status } = await call("PUT", `/wwids/${milk}`, { alias });
			expect(status).toBe(400);
			expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
		},
	);

	it("that another device of a node bears are refused as alias", async () => {
		const { node, call } = await runningNode();
		node.host.kernel.addOtherDm("vg0-root");
		await node.reported(({ foreignDmNames }) => foreignDmNames.includes("vg0-root"), "the name");
		const { status, text } = await call("PUT", `/wwids/${milk}`, { alias: "vg0-root" });
		expect(status).toBe(400);
		expect(text).toContain("device-mapper");
	});

	it("of nodes are refused that are none", async () => {
		const { call } = await runningNode();
		expect((await call("PUT", `/wwids/${milk}`, { nodes: "n1,../etc" })).status).toBe(400);
	});

	it("are the same on every node, whatever its main file says of user-friendly ones", async () => {
		const node = await oneNode();
		node.write("/etc/multipath.conf", "defaults {\n\tuser_friendly_names yes\n\tfind_multipaths off\n}\n");
		node.startAgent();
		await node.config(`wwid: ${milk}\n`);
		await verdict(node, milk, "optimal");
		expect(node.host.kernel.map(milk)?.name).toBe(milk);
		// And nothing is assembled that was not allowed.
		expect(node.host.kernel.map(oil)).toBeUndefined();
	});
});

it("a WWID that begins another one does not admit it", async () => {
	const plan = demoSanPlan(["n1"]);
	const longer = `${milk}1`;
	const [first, ...others] = plan.arrays;
	if (first === undefined) throw new Error("no array");
	const luns = [...first.luns, { wwid: longer, sizeBytes: 1024 ** 3, number: 40 }];
	const node = await oneNode({ plan: { ...plan, arrays: [{ ...first, luns }, ...others] } });
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await verdict(node, milk, "optimal");
	expect(node.host.kernel.map(longer)).toBeUndefined();
	expect(node.read(configFile)).not.toContain("blacklist");
});

it("a WWID with the characters that udev lets through is allowed, assembled and forgotten", async () => {
	const plan = demoSanPlan(["n1"]);
	const wwid = "0QEMU_QEMU_HARDDISK_AB+C.D_E:F=G";
	const [first, ...others] = plan.arrays;
	if (first === undefined) throw new Error("no array");
	const luns = [...first.luns, { wwid, sizeBytes: 1024 ** 3, number: 40 }];
	const node = await oneNode({ plan: { ...plan, arrays: [{ ...first, luns }, ...others] } });
	node.startAgent();
	await node.applied();
	const call = apiOf(node);
	expect((await call("POST", "/wwids", { wwid })).status).toBe(200);
	await verdict(node, wwid, "optimal");
	expect((await call("DELETE", `/wwids/${encodeURIComponent(wwid)}`)).status).toBe(200);
	expect(node.host.kernel.map(wwid)).toBeUndefined();
	expect(node.listedWwids()).toEqual([]);
});

it("a config that somebody else changed meanwhile is not overwritten, and no node gets it", async () => {
	const { node, call } = await runningNode();
	const before = stateOf(node);
	const { status, text } = await call("PUT", "/defaults", { "no-path-retry": "6", digest: "0".repeat(40) });
	expect(status).toBeGreaterThanOrEqual(400);
	expect(text).toContain("detected modified configuration - file changed by other user? Try again.");
	await node.rounds("apply", 2);
	expect(stateOf(node)).toEqual(before);
});

it("an effective value that is not ours is read back from the daemon and told", async () => {
	const node = await oneNode();
	node.write("/etc/multipath/conf.d/zz.conf", 'overrides {\n\tno_path_retry "queue"\n}\n');
	node.startAgent();
	await node.overrides("overrides {\n\tno_path_retry 9\n}\n");
	await node.applied();
	expect((await node.finding("drift-effective")).text).toContain("zz.conf");
});

it("a setting that lets I/O hang for ever is a finding", async () => {
	const { node, call } = await runningNode();
	expect((await call("PUT", `/wwids/${milk}`, { "no-path-retry": "queue" })).status).toBe(200);
	await node.applied();
	expect((await node.finding("queues-forever")).subject).toBe(milk);
});

it("a host whose boot image does not carry conf.d is told so, where its root file system is on a map", async () => {
	const node = await oneNode();
	const finding: Finding = {
		code: "initramfs-without-config",
		severity: "warning",
		subject: null,
		text: "lacks conf.d",
	};
	const initramfs: Initramfs = {
		check: (_, needed) => Promise.resolve(needed.includes(configFile) ? finding : null),
	};
	const rooted = hostWith(node.host, "sysfs", "rootOnMap", () => Promise.resolve(milk));
	node.startAgent({ host: { ...rooted, initramfs } });
	await node.config(`wwid: ${milk}\n`);
	expect(await node.finding("initramfs-without-config")).toEqual(finding);
});

it("a release with known holes is told, and one without is not", async () => {
	const { node: old } = await runningNode({ release: "0.9.4" });
	expect((await old.finding("multipath-tools-known-holes")).text).toContain("0.9.4");
	const { node: fresh } = await runningNode({ release: "0.15.1" });
	const { findings } = await fresh.reported(
		({ multipathd }) => multipathd.version === "0.15.1",
		"the version",
	);
	expect(findings).toEqual([]);
});

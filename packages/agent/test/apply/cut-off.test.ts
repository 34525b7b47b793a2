import { releases } from "@pathkeeper/simulator";
import { describe, expect, it } from "vitest";
import { configFile, milk, oil, oneNode, overridesFile } from "../one-node.ts";

/** Rules that each take the LUN `milk` out; an exception of another kind does not help. */
const rules: readonly string[] = [
	'blacklist {\n\twwid "^36001405d"\n}\n',
	'blacklist {\n\tdevnode "^sd[a-d]$"\n}\nblacklist_exceptions {\n\twwid "^36001405d"\n}\n',
	'blacklist {\n\tdevice {\n\t\tvendor "LIO-ORG"\n\t\tproduct ".*"\n\t}\n}\n',
];

describe.each(releases)("with multipath-tools %s", (release) => {
	it.each(rules)(
		"a rule that would take the paths from under a LUN's users is not applied: %s",
		async (text) => {
			const node = await oneNode({ release });
			node.startAgent();
			await node.config(`wwid: ${milk}\n\talias milk-run\n\nwwid: ${oil}\n`);
			await node.applied();
			await node.reported(({ settling, maps }) => maps.length === 2 && !settling, "both maps");
			const reader = node.host.kernel.map(milk)?.read("read by a test");
			const before = node.read(configFile);
			await node.overrides(text);
			const error = await node.failure();
			expect(error).toContain(`LUN milk-run (${milk}) is in use (read by a test)`);
			expect(error).toMatch(/the blacklist rule (wwid|devnode|device) /);
			expect(node.read(overridesFile)).toBeNull();
			expect(node.read(configFile)).toBe(before);
			expect(reader).toMatchObject({ errors: 0, waiting: false });
			expect(node.host.kernel.map(milk)?.disks).toHaveLength(4);

			reader?.close();
			await node.applied();
			expect(node.read(overridesFile)).toContain("blacklist");
		},
	);
});

it("a rule with an exception of its own kind is applied while the LUN is in use", async () => {
	const node = await oneNode({ release: "0.15.1" });
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await node.applied();
	const reader = node.host.kernel.map(milk)?.read("read by a test");
	await node.overrides(`blacklist {\n\twwid ".*"\n}\nblacklist_exceptions {\n\twwid "^${milk}$"\n}\n`);
	await node.applied();
	expect(reader).toMatchObject({ errors: 0, waiting: false });
});

it("a rule of the host itself keeps us from telling the daemon, whatever our change is", async () => {
	const node = await oneNode({ release: "0.15.1" });
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await node.applied();
	const reader = node.host.kernel.map(milk)?.read("read by a test");
	node.write("/etc/multipath/conf.d/theirs.conf", 'blacklist {\n\twwid "^36001405d"\n}\n');
	await node.config(`wwid: ${milk}\n\nwwid: ${oil}\n`);
	expect(await node.failure()).toContain('the blacklist rule wwid "^36001405d"');
	expect(reader).toMatchObject({ errors: 0, waiting: false });
});

it("a rule that cannot be judged here, and that the daemon evidently does not mind, is in nobody's way", async () => {
	const node = await oneNode({ release: "0.15.1" });
	// A collating element: JavaScript has none, so nobody here knows that it matches nothing of ours.
	node.write("/etc/multipath/conf.d/theirs.conf", 'blacklist {\n\twwid "^[[.x.]]y"\n}\n');
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await node.applied();
	const reader = node.host.kernel.map(milk)?.read("read by a test");
	await node.config(`wwid: ${milk}\n\nwwid: ${oil}\n`);
	await node.applied();
	expect(reader).toMatchObject({ errors: 0, waiting: false });
});

it("a map that its daemon has forgotten already is in nobody's way, and comes back", async () => {
	const node = await oneNode({ release: "0.11.1" });
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await node.applied();
	const reader = node.host.kernel.map(milk)?.read("read by a test");
	node.write("/etc/multipath/conf.d/theirs.conf", 'blacklist {\n\twwid "^36001405d"\n}\n');
	await node.host.multipathd.reconfigure();
	await node.finding("map-forgotten");
	await node.overrides(`blacklist_exceptions {\n\twwid "^${milk}$"\n}\n`);
	await node.applied();
	await node.reported(
		({ maps }) => maps[0]?.groups.some(({ paths }) => paths.length > 0) === true,
		"its paths",
	);
	expect(reader).toMatchObject({ errors: 0, waiting: false });
});

import { releases } from "@pathkeeper/simulator";
import { describe, expect, it } from "vitest";
import { mapFindings } from "../../src/observe/map-findings.ts";
import { milk, oil, oneNode } from "../one-node.ts";
import { lookOnce as look } from "./look-once.ts";

const options = { pollingIntervalS: null, deadlineMs: 1_000 };

async function nodeWithMap(release: (typeof releases)[number] = "0.11.1") {
	const node = await oneNode({ release });
	node.listByHand(milk);
	await node.host.multipathd.reconfigure();
	await expect.poll(() => node.host.kernel.maps.length).toBe(1);
	return node;
}

describe.each(releases)("with multipathd %s", (release) => {
	it("finds nothing wrong with a host that is as it should be", async () => {
		const { host } = await nodeWithMap(release);
		expect(mapFindings(await look(host, options))).toEqual([]);
	});

	it("finds an open map whose paths the daemon has forgotten, and who uses it", async () => {
		const node = await nodeWithMap(release);
		const { host } = node;
		host.kernel.map(milk)?.hold({ kind: "lv", words: "LV vg0/data (dm-7) active" });
		node.write("/etc/multipath/conf.d/theirs.conf", 'blacklist {\nwwid "^36001405d"\n}\n');
		await host.multipathd.reconfigure();
		await expect.poll(async () => (await look(host, options)).daemon.maps[0]?.groups).toEqual([]);
		const seen = await look(host, options);
		const findings = mapFindings(seen);
		// Since 0.12 the kernel has lost them, too; then the map has failed, and its verdict says so.
		if (seen.kernelMaps[0]?.slaves.length === 0) expect(findings).toEqual([]);
		else {
			expect(findings).toMatchObject([{ code: "map-forgotten", severity: "error", subject: milk }]);
			expect(findings[0]?.text).toContain("LV vg0/data (dm-7) active");
		}
	});

	it("finds an open map that lost its settings with its entry, where the daemon tells so", async () => {
		const node = await nodeWithMap(release);
		const { host } = node;
		host.kernel.map(milk)?.hold({ kind: "lv", words: "LV vg0/data (dm-7) active" });
		node.unlistByHand(milk);
		await host.multipathd.reconfigure();
		await expect.poll(() => node.listedWwids()).toContain(milk);
		const tells = release !== "0.9.4";
		await expect
			.poll(async () => mapFindings(await look(host, options)))
			.toMatchObject(tells ? [{ code: "map-without-settings", subject: milk }] : []);
		await host.multipathd.reconfigure();
		await expect.poll(async () => mapFindings(await look(host, options))).toEqual([]);
	});
});

it("finds a map that the kernel holds and the daemon does not know", async () => {
	const { host } = await nodeWithMap();
	const seen = await look(host, options);
	const findings = mapFindings({ ...seen, daemon: { ...seen.daemon, maps: [] } });
	expect(findings).toMatchObject([{ code: "map-unknown-to-daemon", severity: "error", subject: milk }]);
});

it("blames no daemon that does not list its maps", async () => {
	const { host } = await nodeWithMap();
	const seen = await look(host, options);
	const { daemon } = seen;
	expect(mapFindings({ ...seen, daemon: { ...daemon, maps: [], state: "silent" } })).toEqual([]);
	expect(mapFindings({ ...seen, daemon: { ...daemon, maps: [], reconfiguring: true } })).toEqual([]);
});

it("finds a map that multipathd rejected because its paths differ in size", async () => {
	const { host } = await nodeWithMap();
	const seen = await look(host, options);
	const maps = seen.daemon.maps.map((map) => ({ ...map, action: "reject" }));
	const [finding] = mapFindings({ ...seen, daemon: { ...seen.daemon, maps } });
	expect(finding).toMatchObject({ code: "map-rejected", subject: milk });
	expect(finding?.text).toContain("its paths differ in size");
});

it("tells what was wrong with the daemon's answer", async () => {
	const { host } = await nodeWithMap();
	const seen = await look(host, options);
	const findings = mapFindings({
		...seen,
		daemon: { ...seen.daemon, problems: [`WWID '${oil}' appears twice`] },
	});
	expect(findings).toMatchObject([{ code: "multipathd-answer", severity: "warning" }]);
});

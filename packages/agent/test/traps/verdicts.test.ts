/** Mistakes that other systems made in telling whether a LUN is well, tried on a whole agent. */
import type { PathFault } from "@pathkeeper/simulator";
import { expect, it } from "vitest";
import { milk, type OneNode, oil, oneNode, tea } from "../one-node.ts";
import { verdict, verdictOf } from "./served-node.ts";

async function healthyNode(wwid = milk): Promise<OneNode> {
	const node = await oneNode();
	node.startAgent();
	await node.config(`wwid: ${wwid}\n\talias a-lun\n`);
	await verdict(node, wwid, "optimal");
	return node;
}

const paths = (node: OneNode, wwid: string) => node.host.kernel.disksOf(wwid).map(({ dev }) => dev);

it.each<[PathFault, string]>([
	["offline", "failed"],
	["timeout", "failed"],
	["disconnected", "failed"],
	["ghost", "degraded"],
	["shaky", "failed"],
	["delayed", "failed"],
	["pending", "unknown"],
])(
	"a word of the checker that is not known to be good is never shown as well: all paths %s",
	async (fault, state) => {
		const node = await healthyNode();
		for (const dev of paths(node, milk)) node.host.san.failPath("n1", dev, fault);
		expect((await verdict(node, milk, state)).usable).toBe(0);
	},
);

it("standby paths count for redundancy and not for active I/O", async () => {
	const node = await healthyNode(tea);
	for (const port of ["altair-b1", "altair-b2"]) node.host.san.setAccess(port, "standby");
	await expect.poll(async () => (await verdictOf(node, tea))?.usable).toBe(2);
	expect(await verdictOf(node, tea)).toMatchObject({ state: "optimal", paths: 4, usable: 2 });
	for (const port of ["altair-a1", "altair-a2"]) node.host.san.setAccess(port, "standby");
	const { reasons } = await verdict(node, tea, "degraded");
	expect(reasons.join()).toContain("only standby paths");
});

it("a path whose device vanished is missed, although nothing in the map is left of it", async () => {
	const node = await healthyNode();
	node.host.san.deletePath("n1", paths(node, milk)[0] ?? "");
	const { reasons, paths: configured } = await verdict(node, milk, "degraded");
	expect(configured).toBe(3);
	expect(reasons.join()).toContain("3 of 4 expected paths are there");
});

it("configured and usable paths are two numbers, and a usable count never passes for the configured one", async () => {
	const node = await healthyNode();
	for (const dev of paths(node, milk).slice(0, 2)) node.host.san.failPath("n1", dev);
	await expect.poll(async () => (await verdictOf(node, milk))?.usable).toBe(2);
	expect(await verdictOf(node, milk)).toMatchObject({ state: "degraded", paths: 4, usable: 2, expected: 4 });
	// multipathd's own `paths` says 2.
	const listed = () => node.host.multipathd.command("show maps json");
	await expect.poll(listed).toMatch(/"paths" : 2/);
});

it("path_faults stays after recovery and is history", async () => {
	const node = await healthyNode();
	node.host.kernel.map(milk)?.read("read by a test");
	const [dev = ""] = paths(node, milk);
	node.host.san.failPath("n1", dev);
	await verdict(node, milk, "degraded");
	node.host.san.restorePath("n1", dev);
	await verdict(node, milk, "optimal");
	expect(await node.host.multipathd.command("show maps json")).toMatch(/"path_faults" : [1-9]/);
});

it("sizes come from the kernel, exact to the byte, and not from a rounded text", async () => {
	const node = await healthyNode();
	const report = await node.reported(({ maps }) => maps.length === 1, "the map");
	expect(report.maps[0]?.sizeBytes).toBe(512 * 1024 ** 3);
	expect(await node.host.multipathd.command("show maps json")).not.toContain(String(512 * 1024 ** 3));
});

it("a LUN is not called missing while multipathd is still busy after its start", async () => {
	const node = await oneNode();
	await node.host.daemon.setFaults({ busy: true });
	node.host.san.unmapLun(milk);
	for (const dev of paths(node, milk)) node.host.san.deletePath("n1", dev);
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await node.reported(({ settling }) => settling, "settling");
	expect((await verdict(node, milk, "unknown")).reasons.join()).toContain("settling");
	await node.host.daemon.setFaults({ busy: false });
	await verdict(node, milk, "missing");
});

it("a LUN is missing only where it is wanted", async () => {
	const node = await oneNode();
	node.startAgent();
	await node.config(`wwid: ${milk}\n\tnodes n2\n\nwwid: ${oil}\n`);
	await verdict(node, oil, "optimal");
	expect(await verdictOf(node, milk)).toBeUndefined();
});

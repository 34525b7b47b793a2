import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { interceptedHost } from "../intercepted-host.ts";
import { milk, oneNode } from "../one-node.ts";

it("asks the kernel no more while there is nothing to do", async () => {
	const node = await oneNode();
	let asked = 0;
	let rounds = 0;
	const host = interceptedHost(node.host, ({ method }, run) => {
		if (method === "kernelMaps") asked += 1;
		if (method === "listedWwids") rounds += 1;
		return run();
	});
	await node.allow(milk);
	node.startAgent({ host });
	await node.applied();
	await node.reported(({ settling, maps }) => !settling && maps.length === 1);
	// Long enough for the second look after the last event.
	await delay(300);
	const before = { asked, rounds };
	await expect.poll(() => rounds).toBeGreaterThan(before.rounds + 5);
	expect(asked).toBe(before.asked);
});

it("does nothing on what it saw earlier: a map that came into use since then stays", async () => {
	const node = await oneNode();
	await node.allow(milk);
	node.startAgent();
	await node.applied();
	await node.reported(({ settling, maps }) => !settling && maps.length === 1);
	node.host.kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
	await node.config("");
	const { text } = await node.finding("unlisted-in-use");
	expect(text).toContain("mounted on /srv");
	expect(node.listedWwids()).toContain(milk);
	expect(node.host.kernel.map(milk)).toBeDefined();
});

import { expect, it } from "vitest";
import { interceptedHost } from "../intercepted-host.ts";
import { milk, oneNode } from "../one-node.ts";

it("asks the kernel no more while there is nothing to do", async () => {
	const node = await oneNode();
	let asked = 0;
	const host = interceptedHost(node.host, ({ method }, run) => {
		if (method === "kernelMaps") asked += 1;
		return run();
	});
	await node.allow(milk);
	node.startAgent({ host });
	await node.applied();
	await node.reported(({ settling, maps }) => !settling && maps.length === 1);
	// A round after the last event may ask once more, and so does one after some minutes; those in between do not.
	const askedInSixRounds = async () => {
		const before = asked;
		await node.rounds("apply", 6);
		return asked - before;
	};
	await expect.poll(askedInSixRounds).toBe(0);
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

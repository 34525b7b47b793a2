import { releases } from "@pathkeeper/simulator";
import { expect, it } from "vitest";
import { pollingInterval } from "../../src/observe/polling-interval.ts";
import { oneNode } from "../one-node.ts";

it.each(releases)("is read from what multipathd %s prints", async (release) => {
	const node = await oneNode({ release, started: false });
	node.write("/etc/multipath.conf", "defaults {\n\tpolling_interval 7\n\tmax_polling_interval 28\n}\n");
	await node.host.daemon.start();
	expect(pollingInterval(await node.host.multipathd.configLocal())).toBe(7);
});

it("is not known from a text that does not tell it", () => {
	expect(pollingInterval("defaults {\n\tverbosity 2\n\tmax_polling_interval 20\n}\n")).toBeNull();
	expect(pollingInterval("")).toBeNull();
});

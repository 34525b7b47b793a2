import { liveRoutes } from "@pathkeeper/model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import type { BoundRoute } from "../../src/http/bind.ts";
import { localRoot } from "../../src/http/caller.ts";
import { lunStatusHandlers } from "../../src/luns/lun-status-handlers.ts";
import { ReportedFleet, wwidOf } from "../reported-fleet.ts";

let fleet: ReportedFleet;
let live: LiveFleet;
let handlers: readonly BoundRoute[];

beforeEach(async () => {
	fleet = await ReportedFleet.start({ nodes: 2, luns: 2, paths: 4 });
	live = new LiveFleet({ runtime: realRuntime, store: fleet.store, onFault: () => undefined });
	handlers = lunStatusHandlers({ live });
});
afterEach(async () => {
	await live.close();
	await fleet[Symbol.asyncDispose]();
});

async function ask(
	route: BoundRoute["route"],
	query: Record<string, string>,
	path: Record<string, string> = {},
) {
	const handler = handlers.find((one) => one.route === route);
	return await handler?.answer({ path, query, body: undefined }, localRoot);
}

describe("one LUN", () => {
	test("is shown with why, on every node", async () => {
		await fleet.report("n2", ({ lun, path }) => lun === 1 && path === 0);
		const status = await ask(liveRoutes.getLunStatus, {}, { wwid: wwidOf(1) });
		expect(status).toMatchObject({
			wwid: wwidOf(1),
			alias: "lun-1",
			state: "degraded",
			problem: null,
			nodes: { n1: { state: "optimal", usable: 4 }, n2: { state: "degraded", usable: 3, expected: 4 } },
		});
		expect(JSON.stringify(status)).toContain("n2: 3 of 4 paths work");
	});

	test("that nobody knows does not exist", async () => {
		await expect(ask(liveRoutes.getLunStatus, {}, { wwid: "36001405x" })).rejects.toMatchObject({
			code: "NOT_FOUND",
		});
	});
});

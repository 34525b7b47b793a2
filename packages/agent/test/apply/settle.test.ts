import { PathkeeperError } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { reconfigureAndSettle } from "../../src/apply/settle.ts";
import { hostWith } from "../intercepted-host.ts";
import { fastClock, oneNode } from "../one-node.ts";

const options = { clock: fastClock, deadlineMs: 120_000, signal: new AbortController().signal };
const command = "show daemon";

describe("after a reconfigure", () => {
	it("an answer that may be better the next time is waited for", async () => {
		const node = await oneNode();
		let looks = 0;
		const { multipathd } = hostWith(node.host, "multipathd", "status", (_, run) =>
			looks++ < 2 ? Promise.reject(new PathkeeperError("MULTIPATHD_TIMEOUT", { command })) : run(),
		);
		await reconfigureAndSettle(multipathd, options);
		expect(looks).toBe(4);
	});

	it("an answer that nobody can read is not asked for again", async () => {
		const node = await oneNode();
		let looks = 0;
		const unreadable = new PathkeeperError("MULTIPATHD_UNREADABLE", { command, problem: "no pid" });
		const { multipathd } = hostWith(node.host, "multipathd", "status", () => {
			looks++;
			return Promise.reject(unreadable);
		});
		await expect(reconfigureAndSettle(multipathd, options)).rejects.toBe(unreadable);
		expect(looks).toBe(1);
	});
});

import { PathkeeperError } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { reconfigureAndSettle } from "../../src/apply/settle.ts";
import { hostWith } from "../intercepted-host.ts";
import { fastClock, oneNode } from "../one-node.ts";

const options = { clock: fastClock, deadlineMs: 120_000, signal: new AbortController().signal };
const command = "show daemon";

describe("after a reconfigure", () => {
	it.each([
		new PathkeeperError("MULTIPATHD_TIMEOUT", { command }),
		new PathkeeperError("MULTIPATHD_UNREADABLE", { command, problem: "it reads ''" }),
		new PathkeeperError("MULTIPATHD_UNKNOWN_COMMAND", { command }),
	])("an answer that may be better the next time is waited for: $code", async (error) => {
		const node = await oneNode();
		let looks = 0;
		const { multipathd } = hostWith(node.host, "multipathd", "status", (_, run) =>
			looks++ < 2 ? Promise.reject(error) : run(),
		);
		await reconfigureAndSettle(multipathd, options);
		expect(looks).toBe(4);
	});

	it("an answer that nobody can read is asked for until the time is over", async () => {
		const node = await oneNode();
		const unreadable = new PathkeeperError("MULTIPATHD_UNREADABLE", { command, problem: "no pid" });
		const { multipathd } = hostWith(node.host, "multipathd", "status", () => Promise.reject(unreadable));
		await expect(reconfigureAndSettle(multipathd, options)).rejects.toMatchObject({
			code: "MULTIPATHD_NO_ANSWER",
		});
	});

	it("that multipathd takes us for another user is not waited for", async () => {
		const node = await oneNode();
		let looks = 0;
		const denied = new PathkeeperError("MULTIPATHD_DENIED", { command });
		const { multipathd } = hostWith(node.host, "multipathd", "status", () => {
			looks++;
			return Promise.reject(denied);
		});
		await expect(reconfigureAndSettle(multipathd, options)).rejects.toBe(denied);
		expect(looks).toBe(1);
	});
});

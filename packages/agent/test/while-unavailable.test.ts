import { PathkeeperError } from "@pathkeeper/model";
import { expect, it } from "vitest";
import { ManualRuntime, settled } from "../../model/test/runtime/manual-runtime.ts";
import { whileUnavailable } from "../src/while-unavailable.ts";

const unavailable = () => new PathkeeperError("STORE_UNAVAILABLE", { problem: "no leader" });

it("tries again with pauses that grow while the store does not answer", async () => {
	const clock = new ManualRuntime();
	let tries = 0;
	const work = async () => {
		tries++;
		if (tries < 4) throw unavailable();
		return "done";
	};
	const outcome = whileUnavailable(work, clock, new AbortController().signal);
	const seen: number[] = [];
	for (const ms of [200, 399, 1, 800]) {
		await settled();
		await clock.pass(ms);
		seen.push(tries);
	}
	expect(seen).toEqual([2, 2, 3, 4]);
	await expect(outcome).resolves.toBe("done");
});

it.each([
	new PathkeeperError("NOT_FOUND", { what: "it" }),
	new PathkeeperError("DOCUMENT_UNREADABLE", { key: "task/n1/x", problem: "no JSON" }),
	new PathkeeperError("STORE_LEASE_LOST", { lease: "7" }),
	new PathkeeperError("STORE_COMPACTED", { revision: "7" }),
	new Error("oops"),
])("does not try again after: %s", async (error) => {
	let tries = 0;
	const work = () => {
		tries++;
		return Promise.reject(error);
	};
	await expect(whileUnavailable(work, new ManualRuntime(), new AbortController().signal)).rejects.toBe(error);
	expect(tries).toBe(1);
});

it("ends with the signal", async () => {
	const stop = new AbortController();
	const outcome = whileUnavailable(() => Promise.reject(unavailable()), new ManualRuntime(), stop.signal);
	outcome.catch(() => undefined);
	await settled();
	stop.abort();
	await expect(outcome).rejects.toThrow();
});

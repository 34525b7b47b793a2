import { PathkeeperError } from "@pathkeeper/model";
import { expect, it } from "vitest";
import { ManualRuntime, settled } from "../../model/test/runtime/manual-runtime.ts";
import { whileUnavailable } from "../src/while-unavailable.ts";

const unavailable = () => new PathkeeperError("STORE_UNAVAILABLE", { values: { problem: "no leader" } });

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

it("does not try again what another error ended", async () => {
	let tries = 0;
	const work = () => {
		tries++;
		return Promise.reject(new PathkeeperError("NOT_FOUND", { values: { what: "it" } }));
	};
	await expect(whileUnavailable(work, new ManualRuntime(), new AbortController().signal)).rejects.toThrow(
		"it does",
	);
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

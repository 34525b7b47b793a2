import { expect, it, onTestFinished } from "vitest";
import { ManualRuntime, settled } from "../../model/test/runtime/manual-runtime.ts";
import { Loop } from "../src/loop.ts";

function loopOf(work: () => Promise<void>) {
	const clock = new ManualRuntime();
	const errors: unknown[] = [];
	const loop = new Loop({ work, onError: (error) => errors.push(error), intervalMs: 5_000, clock });
	const stop = new AbortController();
	const run = loop.run(stop.signal);
	onTestFinished(() => stop.abort());
	return { clock, errors, loop, stop, run };
}

it("works at once, and then every interval", async () => {
	let rounds = 0;
	const { clock } = loopOf(async () => {
		rounds++;
	});
	await settled();
	expect(rounds).toBe(1);
	await clock.pass(4_999);
	expect(rounds).toBe(1);
	await clock.pass(1);
	expect(rounds).toBe(2);
});

it("works at once when hurried, and an interval after that", async () => {
	let rounds = 0;
	const { clock, loop } = loopOf(async () => {
		rounds++;
	});
	await clock.pass(3_000);
	loop.hurry();
	await settled();
	expect(rounds).toBe(2);
	await clock.pass(4_999);
	expect(rounds).toBe(2);
	await clock.pass(1);
	expect(rounds).toBe(3);
});

it("keeps its pace when a round is slow, and pauses all the same", async () => {
	const begun: number[] = [];
	const { clock } = loopOf(async () => {
		await Promise.resolve();
		begun.push(clock.monotonic());
		await clock.sleep(begun.length === 1 ? 3_000 : 20_000, new AbortController().signal);
	});
	await settled();
	for (let passed = 0; passed < 30_000; passed += 500) await clock.pass(500);
	const [first = 0, second = 0, third = 0] = begun;
	expect(second - first).toBe(5_000);
	expect(third - second).toBe(21_000);
});

it("makes one more round for all that hurried it during a round", async () => {
	let rounds = 0;
	let finish = Promise.withResolvers<void>();
	const { loop } = loopOf(async () => {
		rounds++;
		await finish.promise;
	});
	await settled();
	for (let times = 0; times < 5; times++) loop.hurry();
	expect(rounds).toBe(1);
	const first = finish;
	finish = Promise.withResolvers<void>();
	first.resolve();
	await settled();
	expect(rounds).toBe(2);
	finish.resolve();
	await settled();
	expect(rounds).toBe(2);
});

it("hands on what a round throws, and goes on", async () => {
	let rounds = 0;
	const { clock, errors } = loopOf(async () => {
		rounds++;
		if (rounds === 1) throw new Error("no luck");
	});
	await settled();
	expect(errors).toEqual([new Error("no luck")]);
	await clock.pass(5_000);
	expect(rounds).toBe(2);
	expect(errors).toHaveLength(1);
});

it("ends while it waits", async () => {
	const { stop, run, clock } = loopOf(() => Promise.resolve());
	await settled();
	stop.abort();
	await run;
	expect(clock.pending).toBe(0);
});

it("takes what a round throws because it was ended for no error", async () => {
	const { stop, run, errors } = loopOf(async () => {
		await settled();
		throw new Error("aborted");
	});
	stop.abort();
	await run;
	expect(errors).toEqual([]);
});

it("does not care about a clock that is set", async () => {
	let rounds = 0;
	const { clock } = loopOf(async () => {
		rounds++;
	});
	await settled();
	clock.setClock(clock.now() + 86_400_000);
	await settled();
	clock.setClock(clock.now() - 2 * 86_400_000);
	await clock.pass(5_000);
	expect(rounds).toBe(2);
});

import { describe, expect, it } from "vitest";
import { Semaphore } from "../../src/index.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

function work() {
	const { promise, resolve, reject } = Promise.withResolvers<string>();
	let hasBegun = false;
	const begin = () => {
		hasBegun = true;
		return promise;
	};
	return { begin, hasBegun: () => hasBegun, end: resolve, fail: reject };
}

describe("a semaphore", () => {
	it("lets a number of pieces of work run, and the others in the order in which they came", async () => {
		const slots = new Semaphore(2);
		const all = Array.from({ length: 5 }, work);
		const done = all.map(({ begin }) => slots.within(begin));
		const begun = () => all.map(({ hasBegun }) => hasBegun());
		expect(begun()).toEqual([true, true, false, false, false]);
		expect([slots.isFull, slots.waiting]).toEqual([true, 3]);
		all[1]?.end("done");
		await turn();
		expect(begun()).toEqual([true, true, true, false, false]);
		all[2]?.fail(new Error("failed"));
		await expect(done[2]).rejects.toThrow("failed");
		await turn();
		expect(begun()).toEqual([true, true, true, true, false]);
		for (const { end } of all) end("done");
		expect(await Promise.all(done.filter((_, at) => at !== 2))).toEqual(["done", "done", "done", "done"]);
		expect([slots.isFull, slots.waiting]).toEqual([false, 0]);
	});

	it("loses no slot to work that is canceled while it waits", async () => {
		const slots = new Semaphore(1);
		const [first, second, third] = [work(), work(), work()];
		const stop = new AbortController();
		const inside = slots.within(first.begin);
		const leaving = slots.within(second.begin, stop.signal);
		const patient = slots.within(third.begin);
		stop.abort(new Error("canceled"));
		await expect(leaving).rejects.toThrow("canceled");
		await expect(slots.within(second.begin, stop.signal)).rejects.toThrow("canceled");
		first.end("first");
		third.end("third");
		expect(await Promise.all([inside, patient])).toEqual(["first", "third"]);
		expect(second.hasBegun()).toBe(false);
		expect(slots.isFull).toBe(false);
	});

	it("frees a slot once, however often it is given back", async () => {
		const slots = new Semaphore(1);
		const release = await slots.take();
		const second = slots.take();
		const third = slots.take();
		release();
		release();
		await second;
		await turn();
		expect([slots.isFull, slots.waiting]).toEqual([true, 1]);
		(await second)();
		await third;
	});
});

import { describe, expect, it } from "vitest";
import { Places } from "../../src/work/places.ts";

const forever = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

function work() {
	const { promise, resolve, reject } = Promise.withResolvers<string>();
	let isBegun = false;
	const begin = () => {
		isBegun = true;
		return promise;
	};
	return { begin, isBegun: () => isBegun, end: resolve, fail: reject };
}

describe("places", () => {
	it("let in so many at a time, and the others in the order of the line", async () => {
		const places = new Places(2);
		const all = Array.from({ length: 5 }, work);
		const done = all.map(({ begin }) => places.within(forever, begin));
		const begun = () => all.map(({ isBegun }) => isBegun());
		await turn();
		expect(begun()).toEqual([true, true, false, false, false]);
		expect(places.areTaken).toBe(true);
		all[1]?.end("done");
		await turn();
		expect(begun()).toEqual([true, true, true, false, false]);
		all[2]?.fail(new Error("failed"));
		await expect(done[2]).rejects.toThrow("failed");
		await turn();
		expect(begun()).toEqual([true, true, true, true, false]);
		for (const { end } of all) end("done");
		expect(await Promise.all(done.filter((_, at) => at !== 2))).toEqual(["done", "done", "done", "done"]);
		expect(places.areTaken).toBe(false);
	});

	it("lose nobody's place to one that was called off in the line", async () => {
		const places = new Places(1);
		const [first, second, third] = [work(), work(), work()];
		const stop = new AbortController();
		const inside = places.within(forever, first.begin);
		const leaving = places.within(stop.signal, second.begin);
		const patient = places.within(forever, third.begin);
		stop.abort(new Error("called off"));
		await expect(leaving).rejects.toThrow("called off");
		await expect(places.within(stop.signal, second.begin)).rejects.toThrow("called off");
		first.end("first");
		third.end("third");
		expect(await Promise.all([inside, patient])).toEqual(["first", "third"]);
		expect(second.isBegun()).toBe(false);
		expect(places.areTaken).toBe(false);
	});
});

import { expect, test } from "vitest";
import { fewAtOnce } from "../../src/api/few-at-once.ts";

test("lets no more calls run than may, in their order, and goes on after one that fails", async () => {
	const limited = fewAtOnce(2);
	const begun: number[] = [];
	const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
	const results = ends.map(({ promise }, at) =>
		limited(() => {
			begun.push(at);
			return promise;
		}),
	);
	expect(begun).toEqual([0, 1]);
	ends[1]?.reject(new Error("it failed"));
	await expect(results[1]).rejects.toThrow("it failed");
	await expect.poll(() => begun).toEqual([0, 1, 2]);
	for (const [at, { resolve }] of ends.entries()) resolve(at);
	expect(await Promise.all([0, 2, 3, 4].map((at) => results[at]))).toEqual([0, 2, 3, 4]);
	expect(begun).toEqual([0, 1, 2, 3, 4]);
});

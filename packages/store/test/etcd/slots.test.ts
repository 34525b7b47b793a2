import { expect, test } from "vitest";
import { Slots } from "../../src/etcd/slots.ts";

const never = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("no more work goes on at once than there are slots, and all of it gets its turn in order", async () => {
	const slots = new Slots(3);
	const begun: number[] = [];
	let atOnce = 0;
	let most = 0;
	await Promise.all(
		Array.from({ length: 20 }, async (_, n) => {
			const release = await slots.take(never);
			begun.push(n);
			most = Math.max(most, ++atOnce);
			await turn();
			atOnce--;
			release?.();
		}),
	);
	expect(most).toBe(3);
	expect(begun).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test("who gives up waiting takes no slot from the others", async () => {
	const slots = new Slots(1);
	const release = await slots.take(never);
	const impatient = new AbortController();
	const givenUp = slots.take(impatient.signal);
	const patient = slots.take(never);
	impatient.abort();
	expect(await givenUp).toBeNull();
	release?.();
	(await patient)?.();
	expect(await slots.take(never)).not.toBeNull();
	const already = slots.take(impatient.signal);
	expect(await already).toBeNull();
});

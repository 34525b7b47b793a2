import { describe, expect, test } from "vitest";
import { keepLease } from "../../../src/documents/locks/kept-lease.ts";
import { settle, storePerTest } from "../document-store.ts";

const context = storePerTest();
const now = () => context.timing.monotonic();
const keys = async () => (await context.store.list("")).entries.map(({ key }) => key);

async function begin() {
	const kept = await keepLease(context.store, 10_000, now);
	await context.store.txn({
		writes: [{ op: "put", key: "mine", value: new Uint8Array([1]), lease: kept.lease }],
	});
	return kept;
}

describe("a lease for a piece of work", () => {
	test("lasts as long as the steps of the work renew it", async () => {
		const kept = await begin();
		for (let step = 0; step < 20; step++) {
			context.timing.advance(4_000);
			await kept.renew();
			await settle();
		}
		expect([kept.isLost(), await keys()]).toEqual([false, ["mine"]]);
		await kept.end();
		expect(await keys()).toEqual([]);
	});

	test("is lost by work that hangs, and renewing it then does not bring it back", async () => {
		const kept = await begin();
		context.timing.advance(11_000);
		await settle();
		await kept.renew();
		expect([kept.isLost(), await keys()]).toEqual([true, []]);
		await kept.end();
	});
});

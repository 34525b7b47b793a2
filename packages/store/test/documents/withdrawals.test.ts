import { describe, expect, test } from "vitest";
import { beginWithdrawal, readWithdrawals } from "../../src/documents/withdrawals.ts";
import { codeOf, put, write } from "../contract/tools.ts";
import { settle, storePerTest } from "./document-store.ts";

const shared = storePerTest();
const author = { by: "root@local", from: "192.0.2.7", at: 5 };
const wwid = "36001405#+.:=@_-";

describe("a withdrawal", () => {
	test("says from beginning to end which LUN is being forgotten, and by whom", async () => {
		expect((await readWithdrawals(shared.store)).size).toBe(0);
		const lease = await shared.store.lease(10_000);
		await beginWithdrawal(shared.store, wwid, author, lease);
		expect([...(await readWithdrawals(shared.store))]).toEqual([[wwid, { wwid, author }]]);
		await lease.revoke();
		expect((await readWithdrawals(shared.store)).size).toBe(0);
	});

	test("is gone when its holder is, and lasts while its holder goes on", async () => {
		const lease = await shared.store.lease(10_000);
		await beginWithdrawal(shared.store, wwid, author, lease);
		shared.timing.advance(8_000);
		await lease.keepAlive();
		shared.timing.advance(8_000);
		expect((await readWithdrawals(shared.store)).has(wwid)).toBe(true);
		shared.timing.advance(8_000);
		await settle();
		expect((await readWithdrawals(shared.store)).has(wwid)).toBe(false);
	});

	test("is begun by one at a time", async () => {
		const lease = await shared.store.lease(10_000);
		const begun = await Promise.allSettled(
			[1, 2, 3].map((at) => beginWithdrawal(shared.store, wwid, { ...author, at }, lease)),
		);
		expect(begun.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
		expect(await codeOf(beginWithdrawal(shared.store, wwid, author, lease))).toBe("ALREADY_EXISTS");
	});

	test("that cannot be read keeps hands off its LUN all the same", async () => {
		await write(shared.store, put(`withdrawal/${wwid}`, "?"), put("withdrawal/other", '{"wwid":"other"}'));
		expect([...(await readWithdrawals(shared.store)).values()]).toEqual([
			{ wwid, author: null },
			{ wwid: "other", author: null },
		]);
	});
});

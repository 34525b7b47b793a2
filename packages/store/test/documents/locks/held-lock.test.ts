import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../../pathkeeper/src/runtime/real-runtime.ts";
import { HeldLock, readLockHolder, untilLockFree } from "../../../src/documents/locks/held-lock.ts";
import { settle, storePerTest } from "../document-store.ts";

const context = storePerTest();

describe("a lock", () => {
	const put = (key: string) => ({ op: "put", key, value: new Uint8Array([1]) }) as const;

	test("is held by one", async () => {
		const first = await HeldLock.take(context.store, "history", "a", 10_000);
		expect(await HeldLock.take(context.store, "history", "b", 10_000)).toBeNull();
		await first?.release();
		expect(await HeldLock.take(context.store, "history", "b", 10_000)).not.toBeNull();
	});

	test("lets nobody write who lost it", async () => {
		const first = await HeldLock.take(context.store, "history", "a", 10_000);
		await first?.write([put("by-a")]);
		context.timing.advance(11_000);
		await settle();
		const second = await HeldLock.take(context.store, "history", "b", 10_000);
		await expect(first?.write([put("late")])).rejects.toMatchObject({ code: "STORE_LEASE_LOST" });
		await second?.write([put("by-b")]);
		expect((await context.store.list("")).entries.map(({ key }) => key)).toEqual([
			"by-a",
			"by-b",
			"lock/history",
		]);
	});

	test("names its holder, and no other lock's", async () => {
		await HeldLock.take(context.store, "history", "a", 10_000);
		expect(await readLockHolder(context.store, "history")).toBe("a");
		expect(await readLockHolder(context.store, "history-2")).toBeNull();
	});

	test("is waited for until its holder releases it, or until its lease ends", async () => {
		const signal = new AbortController().signal;
		for (const end of ["release", "lease"] as const) {
			const held = await HeldLock.take(context.store, "history", "a", 10_000);
			// Its key starts with the name of the lock that is waited for.
			await HeldLock.take(context.store, `history-${end}`, "b", 600_000);
			let isFree = false;
			const free = untilLockFree(context.store, "history", realRuntime, signal).then(() => {
				isFree = true;
			});
			await settle();
			expect([end, isFree]).toEqual([end, false]);
			if (end === "release") await held?.release();
			else context.timing.advance(11_000);
			await free;
			expect(await readLockHolder(context.store, "history")).toBeNull();
		}
	});
});

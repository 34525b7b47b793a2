import { PathkeeperError } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { type budgets, WriteBudget } from "../../src/room/write-budget.ts";

/** How many changes go through before one is refused, and after how many seconds it may be tried again. */
function spendAll(budget: WriteBudget, user: string, kind: keyof typeof budgets) {
	for (let count = 0; count < 100_000; count++) {
		try {
			budget.spend(user, kind);
		} catch (error) {
			if (!(error instanceof PathkeeperError)) throw error;
			expect(error.code).toBe("WRITES_LIMITED");
			return { count, retryAfterS: error.retryAfterS };
		}
	}
	throw new Error("there is no end of it");
}

describe("the budget of a user", () => {
	test("is for a run over all LUNs of a large fleet, and then for one change each 50 ms", () => {
		let now = 1e12;
		const budget = new WriteBudget(() => now);
		expect(spendAll(budget, "root@local", "rights")).toEqual({ count: 5000, retryAfterS: 1 });
		now += 1000;
		expect(spendAll(budget, "root@local", "rights").count).toBe(20);
	});

	test("is small for what is one's own, and says when to come again", () => {
		let now = 1e12;
		const budget = new WriteBudget(() => now);
		expect(spendAll(budget, "jane@local", "own")).toEqual({ count: 30, retryAfterS: 60 });
		now += 59_000;
		expect(spendAll(budget, "jane@local", "own")).toEqual({ count: 0, retryAfterS: 1 });
		now += 1000;
		expect(spendAll(budget, "jane@local", "own").count).toBe(1);
	});

	test("is not spent by refusals, by others, or by a clock that goes back", () => {
		let now = 1e12;
		const budget = new WriteBudget(() => now);
		for (let n = 0; n < 3; n++) spendAll(budget, "jane@local", "own");
		expect(spendAll(budget, "joe@local", "own").count).toBe(30);
		expect(spendAll(budget, "jane@local", "rights").count).toBe(5000);
		now -= 1e9;
		expect(spendAll(budget, "jane@local", "own").count).toBe(0);
		now += 1e9 + 30 * 60_000;
		expect(spendAll(budget, "jane@local", "own").count).toBe(30);
	});

	test("of who may change only their own lets through 1470 changes in a day", () => {
		let now = 1e12;
		const budget = new WriteBudget(() => now);
		let count = 0;
		for (let minute = 0; minute <= 24 * 60; minute++) {
			count += spendAll(budget, "jane@local", "own").count;
			now += 60_000;
		}
		expect(count).toBe(30 + 24 * 60);
	});
});

import { describe, expect, test } from "vitest";
import { type BudgetKind, WriteBudget } from "../../src/room/write-budget.ts";

/** How many changes go through before one is refused, and after how many seconds it may be tried again. */
function spendAll(budget: WriteBudget, user: string, kind: BudgetKind) {
	for (let count = 0; count < 100_000; count++) {
		const spent = budget.trySpend(user, kind);
		if (typeof spent === "function") continue;
		expect(spent.code).toBe("WRITES_LIMITED");
		return { count, retryAfterS: spent.retryAfterS };
	}
	throw new Error("there is no end of it");
}

describe("the budget of a user", () => {
	test("is for a run over all LUNs of a large fleet, and then for one change in two seconds", () => {
		let now = 1e12;
		const budget = new WriteBudget(() => now);
		expect(spendAll(budget, "root@local", "rights")).toEqual({ count: 5000, retryAfterS: 2 });
		now += 40_000;
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

describe("the budget of a token", () => {
	test("is not its user's, and more tokens are not more changes", () => {
		const budget = new WriteBudget(() => 1e12);
		expect(spendAll(budget, "jane@local!one", "own")).toEqual({ count: 30, retryAfterS: 120 });
		expect(spendAll(budget, "jane@local!two", "own")).toEqual({ count: 0, retryAfterS: 60 });
		expect(spendAll(budget, "joe@local!one", "own").count).toBe(30);
		expect(spendAll(budget, "jane@local", "own").count).toBe(30);
	});

	test("comes back half as fast as that of all of them, so that others get the other half", () => {
		let now = 1e12;
		const budget = new WriteBudget(() => now);
		spendAll(budget, "jane@local!one", "own");
		now += 10 * 60_000;
		expect(spendAll(budget, "jane@local!one", "own").count).toBe(5);
		expect(spendAll(budget, "jane@local!two", "own").count).toBe(5);
	});
});

test("what is taken back can be spent again, once", () => {
	const budget = new WriteBudget(() => 1e12);
	const takeBack = budget.trySpend("jane@local!one", "own");
	expect(spendAll(budget, "jane@local!one", "own").count).toBe(29);
	if (typeof takeBack === "function") takeBack();
	expect(spendAll(budget, "jane@local!one", "own").count).toBe(1);
});

import { PathkeeperError } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { SlowLine, type Turn } from "../../src/access/slow-line.ts";

const secondMs = 1000;

/** Sites that ask one line by a clock of the test: each waits for its turn, notes it, and asks again. */
function simulated() {
	let now = 1_700_000_000_000;
	const line = new SlowLine(() => now);
	const waiting = new Map<string, Turn>();
	const turns: { readonly site: string; readonly at: number }[] = [];
	let lost = 0;
	const isLimited = (error: unknown) => error instanceof PathkeeperError && error.code === "LOGIN_LIMITED";
	/** The attempts that are due are made, those that lost their place end. */
	const wake = () => {
		for (const [site, turn] of waiting) {
			try {
				if (turn.waitMs() > 0) continue;
				turns.push({ site, at: now });
			} catch (error) {
				if (!isLimited(error)) throw error;
				lost += 1;
			}
			waiting.delete(site);
		}
	};
	const poll = (site: string) => {
		if (waiting.has(site)) return;
		try {
			const turn = line.enter("root@local", site);
			if (turn.waitMs() > 0) waiting.set(site, turn);
			else turns.push({ site, at: now });
		} catch (error) {
			if (!isLimited(error)) throw error;
		}
	};
	const pass = (ms: number) => {
		now += ms;
		wake();
	};
	const turnsOf = (site: string) => turns.filter((turn) => turn.site === site).length;
	return { line, turns, turnsOf, poll, pass, now: () => now, lost: () => lost };
}
const strangers = Array.from({ length: 30 }, (_, n) => `10.0.0.${n}`);

describe("the line of a user", () => {
	test("lets a fresh site in that asks every 5 s, though thirty others ask all the time", () => {
		for (let begin = 120; begin < 130; begin++) {
			const { poll, pass, turnsOf } = simulated();
			let round = 0;
			const all = () => {
				for (const site of strangers) poll(site);
			};
			for (; round < begin; round++) {
				all();
				pass(secondMs);
			}
			// Strangers ask before and after each of its attempts.
			for (; turnsOf("fresh") === 0 && round < begin + 180; round++) {
				all();
				if (round % 5 === 0) poll("fresh");
				all();
				pass(secondMs);
			}
			expect(turnsOf("fresh")).toBe(1);
			expect(round - begin).toBeLessThanOrEqual(60);
		}
	});

	test("puts a site that had a turn behind those without, and lets it in again after them", () => {
		const { line, pass } = simulated();
		line.enter("root@local", "a");
		pass(2 * secondMs);
		line.enter("root@local", "x");
		const again = line.enter("root@local", "a");
		const fresh = line.enter("root@local", "b");
		expect(fresh.waitMs()).toBe(2 * secondMs);
		expect(again.waitMs()).toBe(4 * secondMs);
	});

	test("forgets turns after ten minutes", () => {
		const { line, pass } = simulated();
		line.enter("root@local", "a");
		pass(11 * 60 * secondMs);
		line.enter("root@local", "x");
		const again = line.enter("root@local", "a");
		line.enter("root@local", "b");
		expect(again.waitMs()).toBe(2 * secondMs);
	});

	test("makes nobody wait for more than 48 s, and lets nobody in before two seconds have passed", () => {
		const { poll, pass, turns, lost, now } = simulated();
		const began = now();
		// Every round brings a site that was never there, besides those that ask all the time.
		for (let round = 0; round < 600; round++) {
			for (const site of strangers) poll(site);
			poll(`fresh ${round}`);
			pass(secondMs);
		}
		const gaps = turns.slice(1).map(({ at }, n) => at - (turns[n]?.at ?? 0));
		expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2 * secondMs);
		expect(turns.length).toBeGreaterThanOrEqual((now() - began) / (2 * secondMs) - 2);
		expect(lost()).toBeGreaterThan(0);
	});

	test("gives one site one place, and refuses it while it waits", () => {
		const { line } = simulated();
		line.enter("root@local", "x");
		line.enter("root@local", "a");
		expect(() => line.enter("root@local", "a")).toThrow("try again in 2 s");
	});

	test("lets nobody wait for a clock that was set back", () => {
		const { line, pass } = simulated();
		line.enter("root@local", "x");
		const waits = line.enter("root@local", "a");
		pass(-3_600_000);
		// What was waited counts by itself, so the wait stays as it was.
		expect(waits.waitMs()).toBe(2 * secondMs);
		expect(waits.waitMs(2 * secondMs)).toBeLessThanOrEqual(0);
		expect(line.enter("root@local", "b").waitMs()).toBe(0);
	});
});

import { describe, expect, test } from "vitest";
import { ManualRuntime } from "../../../model/test/runtime/manual-runtime.ts";
import type { Party } from "../../src/http/party.ts";
import { QuestionLine, usualLineLimits } from "../../src/questions/question-line.ts";

const party = (owner: string, address = owner): Party => ({ name: owner, owner, address });
/** Lets all that is ready go on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A line whose pieces of work end when the test says so. */
function lineOfOne() {
	const timing = new ManualRuntime();
	let timers = 0;
	const schedule = (ms: number, run: () => void) => {
		timers += 1;
		const stop = timing.schedule(ms, run);
		return () => {
			timers -= 1;
			stop();
		};
	};
	const line = new QuestionLine("n1", { schedule });
	const running: { readonly owner: string; readonly end: () => void }[] = [];
	const begun: string[] = [];
	const ask = (who: Party) => {
		const asked = line.within(who, async () => {
			const { promise, resolve } = Promise.withResolvers<void>();
			begun.push(who.owner);
			const one = { owner: who.owner, end: resolve };
			running.push(one);
			await promise;
			running.splice(running.indexOf(one), 1);
		});
		return asked.then(
			() => "done",
			(error: unknown) => (error instanceof Error ? error.message : ""),
		);
	};
	return { line, running, begun, ask, pass: (ms: number) => timing.advance(ms), timers: () => timers };
}

describe("the line of a node", () => {
	test("lets one user ask a few things at a time, and refuses when many of theirs wait", async () => {
		const { running, ask } = lineOfOne();
		const all = Array.from({ length: 60 }, () => ask(party("low@local")));
		await settle();
		expect(running).toHaveLength(3);
		const refusal =
			"node 'n1' is busy (16 questions of low@local wait for it already); nothing was done, try again later";
		expect(await Promise.all(all.slice(19))).toEqual(Array(41).fill(refusal));
	});

	test("gives the next place to who asks least, whatever came before", async () => {
		const { running, begun, ask } = lineOfOne();
		for (const flood of ["a@local", "b@local", "c@local"])
			for (let count = 0; count < 15; count++) void ask(party(flood));
		await settle();
		expect(running).toHaveLength(8);
		void ask(party("root@local"));
		running[0]?.end();
		await settle();
		expect(begun.at(-1)).toBe("root@local");
	});

	test("leaves places to other addresses", async () => {
		const { running, ask } = lineOfOne();
		for (let count = 0; count < 40; count++) void ask(party(`u${count}@local`, "192.0.2.1"));
		await settle();
		expect(running).toHaveLength(usualLineLimits.atOnceOfAddress);
		void ask(party("root@local", "198.51.100.1"));
		expect(running.map(({ owner }) => owner)).toContain("root@local");
	});

	test("sends away who waited too long though no place becomes free, and goes on", async () => {
		const { running, begun, ask, pass, line, timers } = lineOfOne();
		for (let count = 0; count < 3; count++) void ask(party("a@local"));
		const late = ask(party("a@local"));
		await settle();
		pass(9999);
		const next = ask(party("a@local"));
		await settle();
		expect(timers()).toBe(2);
		pass(1);
		expect(await late).toBe(
			"node 'n1' is busy (other questions kept it busy for 10 s); nothing was done, try again later",
		);
		expect(running).toHaveLength(3);
		running[0]?.end();
		await settle();
		expect(begun).toHaveLength(4);
		expect(timers()).toBe(0);
		// Its waiting is over, not its work.
		pass(60_000);
		for (const { end } of [...running]) end();
		expect(await next).toBe("done");
		await settle();
		expect(line.isEmpty).toBe(true);
	});

	test("keeps no line for who was sent away", async () => {
		const { running, ask, pass, line } = lineOfOne();
		const all = Array.from({ length: 19 }, () => ask(party("a@local")));
		await settle();
		pass(10_000);
		const answers = await Promise.all(all.slice(3));
		expect(answers.filter((answer) => answer.includes("for 10 s"))).toHaveLength(16);
		for (const { end } of [...running]) end();
		await settle();
		expect(line.isEmpty).toBe(true);
	});
});

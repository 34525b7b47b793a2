import { expect, test } from "vitest";
import { Progress } from "../../src/progress.ts";

const every = 20;

function progressAt(): { readonly progress: Progress; readonly pass: (ms: number) => readonly string[] } {
	let now = 1_000;
	const progress = new Progress(() => now, every);
	return {
		progress,
		/** Time passes, and is looked at every now and then. */
		pass: (ms) => {
			let standing: readonly string[] = [];
			for (let passed = 0; passed < ms; passed += every) {
				now += Math.min(every, ms - passed);
				standing = progress.look().map(({ loop, forMs }) => `${loop} ${forMs}`);
			}
			return standing;
		},
	};
}

test("a loop that beats gets on, and one that does not stands still", () => {
	const { progress, pass } = progressAt();
	const [one, other] = [progress.loop("one", 60), progress.loop("other", 60)];
	one.beat();
	other.beat();
	expect(pass(60)).toEqual([]);
	one.beat();
	expect(pass(20)).toEqual(["other 80"]);
	expect(pass(60)).toEqual(["one 80", "other 140"]);
	other.beat();
	one.beat();
	expect(pass(20)).toEqual([]);
});

test("a wait by a timer of its own is added to what it may take", () => {
	const { progress, pass } = progressAt();
	const loop = progress.loop("loop", 60);
	loop.beat(1_000);
	expect(pass(1_060)).toEqual([]);
	expect(pass(20)).toEqual(["loop 1080"]);
});

test("a loop that has not begun, or waits for others, does not stand still", () => {
	const { progress, pass } = progressAt();
	const loop = progress.loop("loop", 60);
	expect(pass(1_000)).toEqual([]);
	loop.beat();
	loop.rest();
	expect(pass(1_000)).toEqual([]);
	loop.beat();
	expect(pass(80)).toEqual(["loop 80"]);
});

test("a machine that stood still as a whole is no reason to say that a loop did", () => {
	let now = 0;
	const progress = new Progress(() => now, every);
	progress.loop("loop", 60).beat();
	now += 1_000_000;
	expect(progress.look()).toEqual([]);
	now += every;
	expect(progress.look()).toEqual([]);
	now += every;
	expect(progress.look()).toEqual([{ loop: "loop", forMs: 80 }]);
});

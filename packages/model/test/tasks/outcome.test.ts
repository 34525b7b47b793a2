import { Check } from "typebox/value";
import { describe, expect, test } from "vitest";
import {
	doneOutcome,
	errorOfFailure,
	exitStatusOf,
	failureOf,
	lostInRestart,
	notTaken,
	outcomeOfText,
	outcomeSchema,
	PathkeeperError,
	type TaskOutcome,
} from "../../src/index.ts";

const values = { wwid: "3a", users: "n1: mounted on /srv" };
const inUse = new PathkeeperError("LUN_IN_USE", values);

describe("an outcome", () => {
	const all: readonly TaskOutcome[] = [
		doneOutcome,
		notTaken,
		{ kind: "not-run", why: "node-removed" },
		lostInRestart,
		{ kind: "lost", why: "node-removed" },
		failureOf("refused", inUse),
		failureOf("failed", new Error("no such file")),
		failureOf("failed", "a text"),
	];

	test.each(all)("%j goes through JSON as it is", (outcome) => {
		const read: unknown = JSON.parse(JSON.stringify(outcome));
		expect(read).toEqual(outcome);
		expect(Check(outcomeSchema, read)).toBe(true);
	});

	test("has the exit status that version 0.1.0 wrote, and is known by it", () => {
		expect(all.slice(0, 5).map(exitStatusOf)).toEqual([
			"OK",
			"not run: no agent took it in time",
			"not run: the node was removed from the fleet",
			"unknown (node restarted while it ran)",
			"unknown (node removed while it ran)",
		]);
		for (const outcome of all.slice(0, 5)) expect(outcomeOfText(exitStatusOf(outcome))).toEqual(outcome);
	});
});

describe("a failure", () => {
	test("keeps code, values and text, bounded in length", () => {
		const text = "LUN 3a is in use and was not changed: n1: mounted on /srv";
		expect(failureOf("refused", inUse)).toEqual({ kind: "refused", code: "LUN_IN_USE", values, text });
		const long = new PathkeeperError("LUN_IN_USE", { ...values, users: "x".repeat(50_000) });
		const failure = failureOf("failed", long);
		expect([failure.text.length, String(failure.values["users"]).length]).toEqual([4000, 4000]);
		expect(failureOf("failed", new Error("odd"))).toMatchObject({ code: "BUG", text: "odd" });
	});

	test("becomes an error with the code and the very text, also when templates differ", () => {
		const error = errorOfFailure({ code: "LUN_IN_USE", values, text: "as another version says it" });
		expect(error).toMatchObject({ code: "LUN_IN_USE", values, message: "as another version says it" });
	});

	test("with a code that is not known, or not believed, is refused by the node in its words", () => {
		const of = (code: string) => errorOfFailure({ code, values: {}, text: "no" }, (known) => known !== "BUG");
		for (const code of ["OF_LATER", "toString", "BUG"])
			expect(of(code)).toMatchObject({ code: "NODE_REFUSED", fault: "conflict", message: "no" });
	});
});

import { expect, test } from "vitest";
import { PathkeeperError, ReceivedError } from "../src/errors.ts";

const cause = new Error("why");

test("an error has its code, class, values and message", () => {
	const error = new PathkeeperError("CONF_INVALID", { what: "3a", problem: "no" }, { cause, retryAfterS: 5 });
	expect({ ...error, message: error.message, cause: error.cause }).toEqual({
		name: "PathkeeperError",
		code: "CONF_INVALID",
		fault: "input",
		values: { what: "3a", problem: "no" },
		message: "3a: no",
		fields: {},
		retryAfterS: 5,
		remote: null,
		isReceived: false,
		cause,
	});
});

test("one whose message takes no values has only options", () => {
	const fields = { node: "no" };
	expect(new PathkeeperError("PARAMETER_INVALID", { fields }).fields).toBe(fields);
	expect(new PathkeeperError("PARAMETER_INVALID").values).toEqual({});
	expect(new PathkeeperError("DIGEST_CONFLICT", { cause }).cause).toBe(cause);
});

test("code and values go through JSON", () => {
	const { code, values } = new PathkeeperError("STORE_TOO_NEW", { path: "/x", found: 7, known: 6 });
	expect(JSON.parse(JSON.stringify({ code, values }))).toEqual({ code, values });
});

test("an error of another process keeps that process's text and values, whatever the message is here", () => {
	const received = new ReceivedError("LUN_IN_USE", "LUN 3a is busy", { wwid: "3a", since: 7 });
	expect(new PathkeeperError(received, { cause })).toMatchObject({
		code: "LUN_IN_USE",
		fault: "conflict",
		message: "LUN 3a is busy",
		values: { wwid: "3a", since: 7 },
		cause,
	});
	const bare = new ReceivedError("DIGEST_CONFLICT", "changed", {});
	expect(new PathkeeperError(bare)).toMatchObject({ message: "changed", cause: undefined });
});

test("a value is put into the message as it is, whatever it holds", () => {
	const odd = "$& {problem} $1 ?";
	expect(new PathkeeperError("BUG", { problem: odd }).message).toBe(`this is a bug in Pathkeeper: ${odd}`);
});

/** What the types refuse; `./dev check` compiles it, and an error that is not there is one itself. Never called. */
export function doesNotCompile(code: "NODE_UNREACHABLE" | "NODE_NOT_DONE"): readonly PathkeeperError[] {
	const wwid = "3a";
	const more = { wwid, users: "x", path: "y" };
	return [
		new PathkeeperError(code, { node: "n1", problem: "x" }),
		// @ts-expect-error: a value is missing
		new PathkeeperError("LUN_IN_USE", { wwid }),
		// @ts-expect-error: all values are missing
		new PathkeeperError("LUN_IN_USE"),
		// @ts-expect-error: a name is wrong
		new PathkeeperError("LUN_IN_USE", { wwid, user: "x" }),
		// @ts-expect-error: a name too many
		new PathkeeperError("LUN_IN_USE", { wwid, users: "x", path: "y" }),
		// @ts-expect-error: a name too many, in a variable
		new PathkeeperError("LUN_IN_USE", more),
		// @ts-expect-error: values for a message that takes none
		new PathkeeperError("DIGEST_CONFLICT", { wwid }),
		// @ts-expect-error: a value that is no text and no number
		new PathkeeperError("LUN_IN_USE", { wwid, users: ["x"] }),
		// @ts-expect-error: a value that may be missing
		new PathkeeperError("BUG", { problem: [wwid][1] }),
		// @ts-expect-error: an option in the place of values
		new PathkeeperError("LUN_IN_USE", { cause }),
		// @ts-expect-error: an option among the values
		new PathkeeperError("LUN_IN_USE", { wwid, users: "x", cause }),
		// @ts-expect-error: data that merely looks like an error of another process
		new PathkeeperError({ code: "BUG", message: "x", values: {} }),
		// @ts-expect-error: no such code
		new PathkeeperError("LUN_IN_TROUBLE", { wwid, users: "x" }),
	];
}

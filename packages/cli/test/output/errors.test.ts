import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { run } from "../console.ts";

let fleet: SimulatedFleet;
let socket: string;
beforeEach(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1"] });
	socket = await fleet.listen();
});
afterEach(async () => await fleet[Symbol.asyncDispose]());

/** Standard error as a program reads it: a JSON document a line. */
function documents(err: string): unknown[] {
	return err
		.trimEnd()
		.split("\n")
		.map((line): unknown => JSON.parse(line));
}

describe("with -o json, errors are documents too", () => {
	test.each([["-o", "json"], ["-ojson"], ["--output=ndjson"], ["--output", "ndjson"]])(
		"%s %s: what the server refuses",
		async (...flags: string[]) => {
			const refused = await run([...flags, "config", "set", "polling-interval=0"], { socket });
			expect([refused.code, refused.out]).toEqual([2, ""]);
			expect(documents(refused.err)).toEqual([
				{
					error: {
						code: expect.any(String),
						message: "Parameter verification failed.",
						errors: { "polling-interval": expect.stringContaining("invalid format") },
					},
				},
			]);
		},
	);

	test("what is not found, not reachable, not readable", async () => {
		for (const [args, code] of [
			[["lun", "show", "nothing", "-o", "json"], expect.any(String)],
			[["conf", "check", "/nonexistent", "-o", "json"], null],
			[["verdict", "/nonexistent", "-o", "json"], null],
		] as const) {
			const failed = await run(args, { socket });
			expect(failed.code).toBeGreaterThan(0);
			expect(documents(failed.err)).toMatchObject([{ error: { code, message: expect.any(String) } }]);
		}
		const { err } = await run(["status", "-o", "json"], { socket: "/nowhere/api.sock" });
		expect(documents(err)).toMatchObject([{ error: { code: "DAEMON_UNREACHABLE" } }]);
	});

	test("a command line that is not understood", async () => {
		const { code, out, err } = await run(["lun", "lst", "-o", "json"], { socket });
		expect([code, out]).toEqual([2, ""]);
		expect(documents(err)).toMatchObject([
			{ error: { code: "USAGE", message: expect.stringContaining("lst") } },
		]);
	});

	test("a note beside a result", async () => {
		const { out, err } = await run(["config", "show", "--overrides", "-o", "table"], { socket });
		expect([out, err]).toEqual(["", "nothing is stored yet\n"]);
		const unseen = await run(["lun", "allow", "3600a", "--no-wait", "-o", "json"], { socket });
		expect(documents(unseen.err)).toEqual([
			{ note: expect.stringMatching(/^warning: no node sees WWID 3600a/) },
		]);
		expect(JSON.parse(unseen.out)).toMatchObject({ seen: [] });
	});
});

test("people are told in words, with the field that is at fault", async () => {
	const { err } = await run(["config", "set", "polling-interval=0"], { socket });
	expect(err).toMatch(/^Parameter verification failed\.\n {2}polling-interval: /);
});

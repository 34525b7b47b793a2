import { PathkeeperError } from "@pathkeeper/model";
import { expect, it } from "vitest";
import { ManualRuntime } from "../../../model/test/runtime/manual-runtime.ts";
import { Retry } from "../../src/apply/retry.ts";

const silent = new PathkeeperError("MULTIPATHD_NOT_RUNNING", { problem: "no process" });
const invalid = new PathkeeperError("CONF_INVALID", { what: "multipath.cfg", problem: "line 1" });
const ended = new PathkeeperError("DAEMON_ENDED");

/** How long each of several failures of one wish keeps it from being tried again, in seconds. */
async function pauses(errors: readonly PathkeeperError[]): Promise<number[]> {
	const clock = new ManualRuntime();
	const retry = new Retry(clock);
	const found: number[] = [];
	for (const error of errors) {
		retry.failed("a wish", error);
		let seconds = 0;
		for (; !retry.isDue("a wish"); seconds++) await clock.pass(1_000);
		found.push(seconds);
	}
	return found;
}

it("tries again with pauses that grow up to a minute", async () => {
	expect(await pauses([silent, silent, silent, silent, silent, silent])).toEqual([5, 10, 20, 40, 60, 60]);
});

it("waits ten minutes with a content that was refused", async () => {
	expect(await pauses([invalid, invalid])).toEqual([600, 600]);
});

it("waits ever longer with a content that was not read in time: it may hang the reader, or the host was busy", async () => {
	const deadline = new PathkeeperError("PROCESS_DEADLINE", { program: "multipath", seconds: 5 });
	const late = new PathkeeperError("LINT_FAILED", { problem: deadline.message }, { cause: deadline });
	const crash = new PathkeeperError("PROCESS_FAILED", { program: "multipath", problem: "SIGSEGV" });
	const broken = new PathkeeperError("LINT_FAILED", { problem: crash.message }, { cause: crash });
	expect(await pauses(Array.from({ length: 9 }, () => late))).toEqual([
		5, 10, 20, 40, 80, 160, 320, 600, 600,
	]);
	expect(await pauses([broken, broken])).toEqual([600, 600]);
});

it("takes one end of the daemon for an accident, and the second for the content's fault", async () => {
	expect(await pauses([ended, ended])).toEqual([60, 600]);
});

it("tries another wish at once, and begins anew with it", async () => {
	const retry = new Retry(new ManualRuntime());
	retry.failed("a wish", invalid);
	expect(retry.isDue("a wish")).toBe(false);
	expect(retry.isDue("another")).toBe(true);
	retry.succeeded();
	expect(retry.isDue("a wish")).toBe(true);
});

it("is neither hurried nor held up by a clock that is set", async () => {
	const clock = new ManualRuntime();
	const retry = new Retry(clock);
	retry.failed("a wish", silent);
	clock.setClock(clock.now() + 86_400_000);
	expect(retry.isDue("a wish")).toBe(false);
	clock.setClock(clock.now() - 2 * 86_400_000);
	await clock.pass(5_000);
	expect(retry.isDue("a wish")).toBe(true);
});

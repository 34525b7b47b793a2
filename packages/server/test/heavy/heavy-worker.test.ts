import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { HeavyWorker, JobFailed } from "../../src/heavy/heavy-worker.ts";

const file = new URL("./odd-worker.ts", import.meta.url);

async function failureOf(job: Promise<unknown>): Promise<JobFailed["why"] | null> {
	try {
		await job;
		return null;
	} catch (error) {
		if (error instanceof JobFailed) return error.why;
		throw error;
	}
}

describe("a job in the worker thread", () => {
	test.each([
		["endless", "deadline"],
		["greedy", "memory"],
		["throws", "fault"],
		["ends", "fault"],
	])("that is %s ends by its %s, and the next one is done all the same", async (text, why) => {
		const worker = new HeavyWorker({
			runtime: realRuntime,
			file,
			deadlineMs: text === "endless" ? 2000 : 60_000,
			memoryMb: 24,
		});
		const jobs = [text, "fine", text, "fine"].map((each) =>
			failureOf(worker.do("lint-overrides", { text: each })),
		);
		expect(await Promise.all(jobs)).toEqual([why, null, why, null]);
	});

	test("is done from the sources as the very same job is on the spot", async () => {
		const problems = await new HeavyWorker({ runtime: realRuntime }).do("lint-overrides", {
			text: "defaults {\n}\n",
		});
		expect(problems).toMatchObject([{ line: 1, severity: "error" }]);
	});
});

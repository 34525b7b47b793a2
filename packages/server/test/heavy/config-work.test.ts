import { PathkeeperError } from "@pathkeeper/model";
import { expect, test } from "vitest";
import { ConfigWork } from "../../src/heavy/config-work.ts";
import { HeavyWorker } from "../../src/heavy/heavy-worker.ts";

const jane = { user: "jane@local" };
const joe = { user: "joe@local" };

async function codeOf(job: Promise<unknown>): Promise<string | null> {
	try {
		await job;
		return null;
	} catch (error) {
		return error instanceof PathkeeperError ? error.code : String(error);
	}
}

test("of one caller one job is done and one waits; another is refused before anything is gathered for it", async () => {
	const work = new ConfigWork();
	const gathered: string[] = [];
	const gate = Promise.withResolvers<void>();
	const lint = (caller: typeof jane) =>
		codeOf(
			work.do(caller, "lint-overrides", async () => {
				gathered.push(caller.user);
				await gate.promise;
				return { text: "" };
			}),
		);
	const jobs = [lint(jane), lint(jane), lint(jane), lint(joe)];
	gate.resolve();
	expect(await Promise.all(jobs)).toEqual([null, null, "HEAVY_WORK_OF_CALLER", null]);
	expect(gathered).toEqual(["jane@local", "jane@local", "joe@local"]);
	expect(await lint(jane)).toBeNull();
});

test("not every caller there is may wait", async () => {
	const work = new ConfigWork();
	const gate = Promise.withResolvers<{ text: string }>();
	const jobs = Array.from({ length: 33 }, (_, n) =>
		codeOf(work.do({ user: `u${n}@local` }, "lint-overrides", () => gate.promise)),
	);
	gate.resolve({ text: "" });
	expect((await Promise.all(jobs)).filter((code) => code !== null)).toEqual(["HEAVY_WORK_BUSY"]);
});

test("a job that takes too long is told as such, and its caller may ask again", async () => {
	const file = new URL("./odd-worker.ts", import.meta.url);
	const work = new ConfigWork(new HeavyWorker({ file, deadlineMs: 2000 }));
	const ask = (text: string) => codeOf(work.do(jane, "lint-overrides", async () => ({ text })));
	expect(await ask("endless")).toBe("HEAVY_WORK_TOO_MUCH");
	expect(await ask("fine")).toBeNull();
});

test("what cannot be gathered leaves nothing behind", async () => {
	const work = new ConfigWork();
	const fail = () =>
		codeOf(work.do(jane, "lint-overrides", () => Promise.reject(new PathkeeperError("NO_TICKET"))));
	for (let n = 0; n < 3; n++) expect(await fail()).toBe("NO_TICKET");
});

import { PathkeeperError } from "@pathkeeper/model";
import { expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { ConfigWork } from "../../src/heavy/config-work.ts";
import { HeavyWorker } from "../../src/heavy/heavy-worker.ts";
import type { Caller } from "../../src/http/caller.ts";

const caller = (user: string, token: string | null = null, via: Caller["via"] = "ticket") => ({
	user: token === null ? user : `${user}!${token}`,
	holder: { user, token: token === null ? null : { name: token, separated: false } },
	via,
});
const jane = caller("jane@local");
const joe = caller("joe@local");

async function codeOf(job: Promise<unknown>): Promise<string | null> {
	try {
		await job;
		return null;
	} catch (error) {
		return error instanceof PathkeeperError ? error.code : String(error);
	}
}

test("of one caller one job is done and one waits; another is refused before anything is gathered for it", async () => {
	const work = new ConfigWork(new HeavyWorker({ runtime: realRuntime }));
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
	const work = new ConfigWork(new HeavyWorker({ runtime: realRuntime }));
	const gate = Promise.withResolvers<{ text: string }>();
	const jobs = Array.from({ length: 33 }, (_, n) =>
		codeOf(work.do(caller(`u${n}@local`), "lint-overrides", () => gate.promise)),
	);
	gate.resolve({ text: "" });
	expect((await Promise.all(jobs)).filter((code) => code !== null)).toEqual(["HEAVY_WORK_BUSY"]);
});

test("a job that takes too long is told as such, and its caller may ask again", async () => {
	const file = new URL("./odd-worker.ts", import.meta.url);
	const work = new ConfigWork(new HeavyWorker({ runtime: realRuntime, file, deadlineMs: 2000 }));
	const ask = (text: string) => codeOf(work.do(jane, "lint-overrides", async () => ({ text })));
	expect(await ask("endless")).toBe("HEAVY_WORK_TOO_MUCH");
	expect(await ask("fine")).toBeNull();
});

test("what cannot be gathered leaves nothing behind", async () => {
	const work = new ConfigWork(new HeavyWorker({ runtime: realRuntime }));
	const fail = () =>
		codeOf(work.do(jane, "lint-overrides", () => Promise.reject(new PathkeeperError("NO_TICKET"))));
	for (let n = 0; n < 3; n++) expect(await fail()).toBe("NO_TICKET");
});

/** Work that never ends before the test says so, and what was begun. */
function held() {
	const begun: string[] = [];
	const gate = Promise.withResolvers<void>();
	const work = new ConfigWork({
		do: async (name) => {
			begun.push(name);
			await gate.promise;
			throw new PathkeeperError("NO_TICKET");
		},
	});
	const texts = { config: "", overrides: "" };
	const known = { wwids: [], dmDevices: [] };
	const nothing = { stored: texts, proposed: texts, known, applied: [], nodes: [] };
	return {
		begun,
		release: () => gate.resolve(),
		preview: (who: ReturnType<typeof caller>) => codeOf(work.do(who, "preview", async () => nothing)),
		change: (who: ReturnType<typeof caller>) =>
			codeOf(work.do(who, "lint-overrides", async () => ({ text: "" }))),
	};
}

test("more tokens give a user no more jobs", async () => {
	const { preview, release } = held();
	const jobs = Array.from({ length: 16 }, (_, n) => preview(caller("audit@local", `t${n}`)));
	const other = preview(joe);
	release();
	const codes = await Promise.all(jobs);
	expect(codes.filter((code) => code === "HEAVY_WORK_OF_CALLER")).toHaveLength(14);
	expect(await other).toBe("NO_TICKET");
});

test("previews leave places to changes and to root on the local socket", async () => {
	const { preview, change, release } = held();
	const previews = Array.from({ length: 40 }, (_, n) => preview(caller(`u${n}@local`)));
	// Root's tokens elsewhere use up nothing of root here.
	const tokens = Array.from({ length: 3 }, () => change(caller("root@local", "t")));
	const here = [preview(caller("root@local", null, "socket")), change(jane)];
	release();
	const refused = (await Promise.all(previews)).filter((code) => code === "HEAVY_WORK_BUSY");
	expect(refused).toHaveLength(40 - 24);
	expect(await Promise.all(tokens)).toEqual(["NO_TICKET", "NO_TICKET", "HEAVY_WORK_OF_CALLER"]);
	expect(await Promise.all(here)).toEqual(["NO_TICKET", "NO_TICKET"]);
});

test("changes go before previews that came earlier", async () => {
	const { preview, change, release, begun } = held();
	const jobs = [preview(jane), preview(joe), preview(caller("jim@local")), change(caller("root@local"))];
	jobs.push(change(jane));
	await new Promise<void>((resolve) => setImmediate(resolve));
	release();
	await Promise.all(jobs);
	expect(begun).toEqual(["preview", "lint-overrides", "lint-overrides", "preview", "preview"]);
});

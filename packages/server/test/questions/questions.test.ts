import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { type Caller, localRoot } from "../../src/http/caller.ts";
import { Questions } from "../../src/questions/questions.ts";

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function asked() {
	const sleeping: (() => void)[] = [];
	const questions = new Questions({
		...realRuntime,
		sleep: () => new Promise<void>((resolve) => sleeping.push(resolve)),
	});
	const tasks: { resolve(portal: string): void; reject(error: Error): void }[] = [];
	const ask = async (caller: Caller = localRoot, portal = "") => {
		const answer = questions.answer("scanIscsi", { node: "n1", argument: { portal }, caller }, () => {
			const { promise, resolve, reject } = Promise.withResolvers<{ target: string; portal: string }[]>();
			tasks.push({ resolve: (found) => resolve([{ target: "t", portal: found }]), reject });
			return promise;
		});
		answer.catch(() => undefined);
		return (await answer)[0]?.portal;
	};
	const later = () => {
		for (const wake of sleeping.splice(0)) wake();
	};
	return { questions, ask, tasks, later };
}

const caller = (name: string): Caller => {
	const user = `${name}@local`;
	return { ...localRoot, user, holder: { user, token: null }, from: "192.0.2.1" };
};

describe("a question", () => {
	test("that many ask is one task, and all get its answer", async () => {
		const { ask, tasks } = asked();
		const all = Array.from({ length: 200 }, (_, at) => ask(caller(`u${at % 50}`)));
		expect(tasks).toHaveLength(1);
		tasks[0]?.resolve("answer");
		expect(new Set(await Promise.all(all))).toEqual(new Set(["answer"]));
	});

	test("that was just answered is answered again by the same, for a moment", async () => {
		const { ask, tasks, later } = asked();
		const first = ask();
		tasks[0]?.resolve("old");
		await first;
		expect(await ask()).toBe("old");
		later();
		await settle();
		void ask();
		expect(tasks).toHaveLength(2);
	});

	test("is not shared with who asks about something else", () => {
		const { ask, tasks } = asked();
		void ask(caller("a"), "one");
		void ask(caller("a"), "two");
		expect(tasks).toHaveLength(2);
	});

	test("that fails fails for those who share it, and is asked anew after that", async () => {
		const { ask, tasks } = asked();
		const both = [ask(), ask()];
		tasks[0]?.reject(new Error("no"));
		expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
		await settle();
		void ask();
		expect(tasks).toHaveLength(2);
	});

	test("is asked anew after a change, and after a task that somebody was told the end of", async () => {
		const { questions, ask, tasks } = asked();
		void ask();
		questions.changed();
		const second = ask();
		expect(tasks).toHaveLength(2);
		tasks[1]?.resolve("new");
		await second;
		questions.sawEnd("UPID:1");
		void ask();
		expect(tasks).toHaveLength(3);
		// Looking at the same old task again and again makes nothing new of it.
		questions.sawEnd("UPID:1");
		void ask();
		expect(tasks).toHaveLength(3);
	});

	test("waits in line with others of its user, and takes what somebody else asked meanwhile", async () => {
		const { ask, tasks } = asked();
		for (let at = 0; at < 3; at++) void ask(caller("low"), `${at}`);
		const late = ask(caller("low"), "3");
		expect(tasks).toHaveLength(3);
		void ask(caller("other"), "3");
		expect(tasks).toHaveLength(4);
		tasks[3]?.resolve("theirs");
		tasks[0]?.resolve("");
		expect(await late).toBe("theirs");
		expect(tasks).toHaveLength(4);
	});
});

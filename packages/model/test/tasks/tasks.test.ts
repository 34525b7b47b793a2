import { Type } from "typebox";
import { describe, expect, test } from "vitest";
import {
	checkedArgument,
	defineTask,
	isQuestion,
	PathkeeperError,
	storedArgument,
	subjectOf,
	type TaskType,
	taskNameOf,
	taskNames,
	tasks,
	taskTypeOf,
} from "../../src/index.ts";

const all: readonly TaskType[] = taskNames().map((name) => tasks[name]);

function codeOf(work: () => unknown): string {
	try {
		work();
	} catch (error) {
		return error instanceof PathkeeperError ? error.code : "another";
	}
	return "none";
}

describe("the table of tasks", () => {
	test("has every word of a UPID once, and finds its entry by it", () => {
		expect(new Set(all.map(({ type }) => type)).size).toBe(all.length);
		for (const name of taskNames()) expect(taskNameOf(tasks[name].type)).toBe(name);
		expect(taskTypeOf("imgdel")).toBe(tasks.imgDelete);
		expect([taskNameOf("toString"), taskTypeOf("img-polish")]).toEqual([null, null]);
	});

	test("has the words that version 0.1.0 knows", () => {
		expect(all.map(({ type }) => type).sort()).toEqual([
			"imgactivate",
			"imgalloc",
			"imgdeactivate",
			"imgdel",
			"imgfacts",
			"imgguard",
			"imgrename",
			"imgresize",
			"lunguard",
			"lunwithdraw",
			"scaniscsi",
			"scanlvm",
			"storagecontent",
			"storageplan",
			"storageprepare",
			"storagestatus",
		]);
	});

	test("counts a task that it does not know as one that may change something", () => {
		expect([isQuestion("imgguard"), isQuestion("imgdel"), isQuestion("img-polish")]).toEqual([
			true,
			false,
			false,
		]);
	});
});

describe("an argument", () => {
	test("is taken in the form of its task, and refused in any other", () => {
		expect(checkedArgument(tasks.lunGuard, { wwid: "3a" })).toEqual({ wwid: "3a" });
		for (const wrong of [null, undefined, "3a", [], {}, { wwid: 7 }, { wwid: "3a", gently: true }])
			expect(codeOf(() => checkedArgument(tasks.lunGuard, wrong))).toBe("TASK_ARGUMENT_INVALID");
	});

	test.each([
		["storagestatus", {}],
		["storagecontent", { storage: "data", guest: null }],
		["storageplan", { config: "", storage: "data" }],
		["storageprepare", { config: "", storage: "data" }],
		["imgalloc", { storage: "data", guest: 100, name: null, format: "raw", sizeBytes: 8 }],
		["imgresize", { volume: "data:a", sizeBytes: 8 }],
		["imgrename", { volume: "data:a", name: "b" }],
		["imgguard", { volume: "data:a" }],
		["scaniscsi", { portal: "192.0.2.1:3260" }],
	])("of %s is taken as a server of version 0.1.0 leaves it", (type, argument) => {
		const task = taskTypeOf(type);
		if (task === null) throw new Error("it is not in the table");
		expect(checkedArgument(task, argument)).toEqual(argument);
	});

	test("says what the task is about", () => {
		expect(subjectOf(tasks.lunGuard, { wwid: "3a" })).toBe("3a");
		expect(subjectOf(tasks.imgAlloc, { storage: "data", guest: 100 })).toBe("data");
		expect(subjectOf(tasks.scanLvm, {})).toBe("");
	});

	test("that is more than names, numbers and flags is no argument", () => {
		const deep = { type: "deep", kind: "change", subject: null, summary: "", result: Type.Null() } as const;
		// @ts-expect-error An argument is one level deep.
		const task = defineTask({ ...deep, argument: Type.Object({ names: Type.Array(Type.String()) }) });
		expect(codeOf(() => storedArgument(task, { names: ["a"] }))).toBe("BUG");
	});
});

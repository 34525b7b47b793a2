import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { ProgramRunner, type RunProgram } from "../../src/process/run.ts";
import { askDmsetup, parseOpenCounts } from "../../src/sysfs/open-counts.ts";

const { run } = new ProgramRunner({ runtime: realRuntime });

describe("open counts of device-mapper", () => {
	it("are read by minor number, and no line is believed that is not two numbers", () => {
		expect([...parseOpenCounts("0:1\n 12:0 \n7:x\n\nNo devices found\n3:4:5\n")]).toEqual([
			["dm-0", 1],
			["dm-12", 0],
		]);
	});

	it("are asked of dmsetup as numbers only", async () => {
		let asked: readonly string[] = [];
		const answer: RunProgram = async (program, args) => {
			asked = [program, ...args];
			return { code: 0, signal: null, stdout: "0:2\n", stderr: "" };
		};
		expect(await askDmsetup(answer)()).toEqual(new Map([["dm-0", 2]]));
		expect(asked).toEqual(["dmsetup", "info", "-c", "--noheadings", "--separator", ":", "-o", "minor,open"]);
	});

	it("are known of the other devices when one is removed meanwhile", async () => {
		// As dmsetup on Debian answers, seen in the lab.
		const answer: RunProgram = async () => ({
			code: 1,
			signal: null,
			stdout: "0:2\n3:0\n",
			stderr: "Device does not exist.\nCommand failed.\n",
		});
		expect(await askDmsetup(answer)()).toEqual(
			new Map([
				["dm-0", 2],
				["dm-3", 0],
			]),
		);
	});

	it("are unknown, with the reason, when dmsetup is missing, hangs or fails", async () => {
		const missing: RunProgram = (_, args, options) => run("/no/such/dmsetup", args, options);
		const hangs: RunProgram = (_, __, options) => run("sleep", ["60"], { ...options, deadlineMs: 50 });
		const fails: RunProgram = () => run("sh", ["-c", "echo broken >&2; exit 4"], { deadlineMs: 5_000 });
		expect(await askDmsetup(missing)()).toContain("not installed");
		expect(await askDmsetup(hangs)()).toContain("did not finish within");
		expect(await askDmsetup(fails)()).toBe("dmsetup ended with code 4: broken");
	});

	it.runIf(existsSync("/usr/sbin/dmsetup"))(
		"of this machine are numbers, or the reason why not",
		async () => {
			const counts = await askDmsetup(run)();
			if (typeof counts === "string") expect(counts).not.toBe("");
			else for (const dm of counts.keys()) expect(dm).toMatch(/^dm-\d+$/);
		},
	);
});

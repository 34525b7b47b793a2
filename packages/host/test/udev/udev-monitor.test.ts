import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { EventQueue } from "../../src/udev/event-queue.ts";
import type { UdevEvent } from "../../src/udev/udev-events.ts";
import { UdevMonitor } from "../../src/udev/udev-monitor.ts";

let folder: string;
let stop: AbortController;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "udev-monitor-"));
	stop = new AbortController();
});
afterEach(() => {
	stop.abort();
	rmSync(folder, { recursive: true, force: true });
});

/** A program that prints what udevadm printed, and then does what is told. */
function program(name: string, dev: string, then: string): string {
	const path = join(folder, name);
	const text = `KERNEL[1.5] change   /devices/virtual/block/${dev} (block)\nACTION=change\nDM_ACTION=PATH_FAILED\n\n`;
	writeFileSync(
		path,
		`#!/bin/sh\nprintf '%s\\n' "$*" >>${folder}/args\ncat <<'TEXT'\n${text}TEXT\n${then}\n`,
	);
	chmodSync(path, 0o755);
	return path;
}

async function first(events: AsyncIterable<UdevEvent>, count: number): Promise<readonly UdevEvent[]> {
	const seen: UdevEvent[] = [];
	for await (const event of events) {
		seen.push(event);
		if (seen.length === count) break;
	}
	return seen;
}

describe("watching block events", () => {
	it("starts the program again when it ends, with growing pauses, and loses nothing of what it printed", async () => {
		const pauses: number[] = [];
		const ends: string[] = [];
		const monitor = new UdevMonitor({
			runtime: { now: () => 0, monotonic: () => 0, sleep: async (ms) => void pauses.push(ms) },
			program: program("udevadm", "dm-0", "exit 3"),
			onEnd: (problem) => ends.push(problem),
		});
		const events = await first(monitor.watch(stop.signal), 9);
		expect(events.map(({ dev }) => dev)).toEqual(Array.from({ length: 9 }, () => "dm-0"));
		expect(pauses.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((s) => s * 1000));
		expect(ends[0]).toMatch(/udevadm monitor ended \(code 3\)$/);
		expect(readFileSync(join(folder, "args"), "utf8").split("\n")[0]).toBe(
			"monitor --kernel --udev --property --subsystem-match=block",
		);
	});

	it("begins with a short pause again after the program ran for long", async () => {
		const pauses: number[] = [];
		let now = 0;
		const monitor = new UdevMonitor({
			// Every look at the clock is half an hour after the one before.
			runtime: {
				now: () => 0,
				monotonic: () => (now += 1_800_000),
				sleep: async (ms) => void pauses.push(ms),
			},
			program: program("udevadm", "dm-0", "exit 0"),
		});
		await first(monitor.watch(stop.signal), 4);
		expect(new Set(pauses.slice(0, 3))).toEqual(new Set([1000]));
	});

	it("waits for a program that is not there, and takes it when it has come", async () => {
		const ends: string[] = [];
		const late = join(folder, "udevadm");
		const monitor = new UdevMonitor({
			runtime: {
				...realRuntime,
				sleep: async () => {
					if (ends.length === 3) program("udevadm", "dm-5", "exit 0");
				},
			},
			program: late,
			onEnd: (problem) => ends.push(problem),
		});
		expect(await first(monitor.watch(stop.signal), 1)).toMatchObject([{ dev: "dm-5" }]);
		expect(ends.slice(0, 3).every((problem) => problem.includes("cannot be run"))).toBe(true);
	});

	it("ends without an error when the signal aborts, and takes the program along", async () => {
		const monitor = new UdevMonitor({
			runtime: realRuntime,
			program: program("udevadm", "dm-0", `echo $$ >${folder}/pid\nexec sleep 300`),
		});
		const seen: UdevEvent[] = [];
		for await (const event of monitor.watch(stop.signal)) {
			seen.push(event);
			while (!existsSync(join(folder, "pid"))) await new Promise((resolve) => setTimeout(resolve, 5));
			stop.abort();
		}
		expect(seen).toHaveLength(1);
		await expectGone(Number(readFileSync(join(folder, "pid"), "utf8")));
	});

	it("takes the program along when the reader leaves", async () => {
		const monitor = new UdevMonitor({
			runtime: realRuntime,
			program: program("udevadm", "dm-0", `echo $$ >${folder}/pid\nexec sleep 300`),
		});
		for await (const _ of monitor.watch(stop.signal)) {
			while (!existsSync(join(folder, "pid"))) await new Promise((resolve) => setTimeout(resolve, 5));
			break;
		}
		await expectGone(Number(readFileSync(join(folder, "pid"), "utf8")));
	});

	it("gives nothing when the signal has aborted before", async () => {
		stop.abort();
		const monitor = new UdevMonitor({ runtime: realRuntime, program: program("udevadm", "dm-0", "exit 0") });
		expect(await first(monitor.watch(stop.signal), 1)).toEqual([]);
	});

	const canMakeEvents =
		spawnSync("udevadm", ["--version"]).status === 0 &&
		existsSync("/sys/block/loop0/uevent") &&
		process.geteuid?.() === 0;
	it.runIf(canMakeEvents)("sees an event of this machine's kernel", async () => {
		const poke = setInterval(() => writeFileSync("/sys/block/loop0/uevent", "change"), 50);
		try {
			for await (const event of new UdevMonitor({ runtime: realRuntime }).watch(stop.signal)) {
				if (event.dev !== "loop0") continue;
				expect(event).toMatchObject({ action: "change", properties: { DEVNAME: "/dev/loop0" } });
				break;
			}
		} finally {
			clearInterval(poke);
		}
	});
});

/** Until a killed program has been taken from the process table, signals still reach it. */
async function expectGone(pid: number): Promise<void> {
	expect(pid).toBeGreaterThan(1);
	await expect
		.poll(() => {
			try {
				return process.kill(pid, 0);
			} catch {
				return false;
			}
		})
		.toBe(false);
}

describe("events that nobody takes", () => {
	it("are kept up to a bound, the newest", () => {
		const queue = new EventQueue();
		for (let at = 0; at < 5_000; at++) queue.add({ action: "change", dev: "sda", at, properties: {} });
		expect(queue.length).toBe(1_000);
		expect(queue.take().at(-1)?.at).toBe(4_999);
		expect(queue.take()).toEqual([]);
	});
});

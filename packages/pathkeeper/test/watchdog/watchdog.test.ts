import { expect, test } from "vitest";
import { Progress } from "../../src/progress.ts";
import { lookEveryMs, runWatchdog } from "../../src/watchdog.ts";

/** A watchdog in a time of its own; what it tells systemd and the log, in order. */
function watchdog(aliveEveryMs: number | null) {
	let now = 0;
	let wake: (() => void) | null = null;
	let slept = 0;
	const told: string[] = [];
	const say = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
		told.push(`${level}: ${message} ${JSON.stringify(fields)}`);
	};
	const progress = new Progress(() => now, lookEveryMs);
	const stop = new AbortController();
	const ended = runWatchdog(
		{
			systemd: {
				aliveEveryMs,
				alive: async () => void told.push("alive"),
				status: async (text) => void told.push(`status: ${text}`),
			},
			progress,
			runtime: {
				now: () => Date.UTC(2026, 0, 1) + now,
				sleep: (ms) => {
					slept = ms;
					return new Promise((resolve) => {
						wake = resolve;
					});
				},
			},
			log: { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") },
			status: "looking after 1 host",
		},
		stop.signal,
	);
	return {
		progress,
		/** One look, and what was told since the last one. */
		look: async (): Promise<readonly string[]> => {
			now += slept;
			wake?.();
			for (let turn = 0; turn < 10; turn++) await Promise.resolve();
			return told.splice(0).filter((line) => !line.startsWith("debug"));
		},
		every: () => slept,
		end: async () => {
			stop.abort();
			wake?.();
			await ended;
		},
	};
}

test("systemd is fed several times within what it waits, as long as all loops get on", async () => {
	const { progress, look, every, end } = watchdog(30_000);
	const loop = progress.loop("observe (n1)", 60_000);
	loop.beat();
	expect(await look()).toEqual(["alive"]);
	expect(every()).toBe(20_000);
	loop.beat();
	expect(await look()).toEqual(["alive"]);
	await end();
});

test("it is looked more often when systemd waits for less", async () => {
	const { every, end } = watchdog(1_000);
	expect(every()).toBe(1_000);
	await end();
});

test("one loop that stands still ends the feeding, and is named once, with since when", async () => {
	const { progress, look, end } = watchdog(30_000);
	const [stuck, other] = [progress.loop("apply (n1)", 60_000), progress.loop("observe (n1)", 60_000)];
	stuck.beat();
	for (let round = 0; round < 3; round++) {
		other.beat();
		expect(await look()).toEqual(["alive"]);
	}
	other.beat();
	expect(await look()).toEqual([
		'error: a part of the daemon is stalled {"loops":[{"loop":"apply (n1)","since":"2026-01-01T00:00:00.000Z"}],"restart":true}',
		"status: stalled: apply (n1) since 2026-01-01T00:00:00.000Z",
	]);
	for (let round = 0; round < 5; round++) {
		other.beat();
		expect(await look()).toEqual([]);
	}
	stuck.beat();
	expect(await look()).toEqual([
		'info: the stalled part is running again {"loops":["apply (n1)"]}',
		"status: looking after 1 host",
		"alive",
	]);
	await end();
});

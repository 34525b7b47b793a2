import { expect, test } from "vitest";
import { realRuntime } from "../../src/runtime/real-runtime.ts";

test("a sleep that is stopped rejects with the reason and leaves nothing behind", async () => {
	const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
	const before = timers();
	const stop = new AbortController();
	const sleep = realRuntime.sleep(3_600_000, stop.signal);
	expect(timers()).toBe(before + 1);
	stop.abort(new Error("stopped"));
	await expect(sleep).rejects.toThrow("stopped");
	await expect(realRuntime.sleep(0, stop.signal)).rejects.toThrow("stopped");
	expect(timers()).toBe(before);
});

test("what is scheduled runs once, or never when it was canceled", async () => {
	const ran: string[] = [];
	realRuntime.schedule(1, () => ran.push("due"));
	realRuntime.schedule(1, () => ran.push("canceled"))();
	await realRuntime.sleep(20);
	expect(ran).toEqual(["due"]);
});

test("a turn comes after what is due", async () => {
	const order: string[] = [];
	const turn = realRuntime.turn().then(() => order.push("turn"));
	await Promise.resolve().then(() => order.push("promise"));
	await turn;
	expect(order).toEqual(["promise", "turn"]);
});

test("ids and bytes are new each time", () => {
	expect(realRuntime.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	expect(realRuntime.uuid()).not.toBe(realRuntime.uuid());
	expect(realRuntime.bytes(16)).toHaveLength(16);
	expect(realRuntime.bytes(16)).not.toEqual(realRuntime.bytes(16));
});

import { describe, expect, test } from "vitest";
import { EventText } from "../../src/live/event-text.ts";
import { pauseFor, retryAfterMs } from "../../src/live/pause-for.ts";

describe("a page that its server asks to wait", () => {
	test("waits as long as the refusal says, within reason", () => {
		expect(pauseFor(retryAfterMs("30"))).toBe(30_000);
		expect(pauseFor(retryAfterMs("0"))).toBe(2000);
		expect(pauseFor(retryAfterMs("999999999"))).toBe(120_000);
		for (const header of [null, "", "-5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"])
			expect(pauseFor(retryAfterMs(header))).toBe(2000);
	});

	test("waits as long as the stream said last, in whatever pieces it came", () => {
		const events = new EventText();
		expect(events.retryMs).toBeNull();
		events.take("retry: 2000\n\nevent: delta\nda");
		expect(events.retryMs).toBe(2000);
		expect(events.take('ta: {"retry": 5}\n\nret')).toEqual([
			{ event: "delta", data: '{"retry": 5}', id: null },
		]);
		events.take("ry: 30000\n\n");
		expect(events.retryMs).toBe(30_000);
	});
});

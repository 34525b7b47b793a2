import { describe, expect, test } from "vitest";
import { momentFrom, momentText } from "../../src/commands/moments.ts";

const now = new Date(2026, 10, 25, 22, 41, 7).getTime();

describe("a moment", () => {
	test("is written as people read it", () => {
		expect(momentText(now)).toBe("2026-11-25 22:41:07");
	});

	test("is given as how long ago, or as a date of this place", () => {
		expect(momentFrom("90s", now)).toBe(now - 90_000);
		expect(momentFrom("15m", now)).toBe(now - 900_000);
		expect(momentFrom("3d", now)).toBe(now - 3 * 86_400_000);
		expect(momentFrom("2026-11-25", now)).toBe(new Date(2026, 10, 25).getTime());
		expect(momentFrom("2026-11-25 22:41:07", now)).toBe(now);
		expect(momentFrom("2026-11-25T22:41:07Z", now)).toBe(Date.UTC(2026, 10, 25, 22, 41, 7));
	});

	test.each(["", "yesterday", "5", "5 m", "2026-13-01", "99999999d", "-5m"])("is not '%s'", (text) => {
		expect(momentFrom(text, now)).toBeNull();
	});
});

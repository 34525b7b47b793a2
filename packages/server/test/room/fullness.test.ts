import { expect, test } from "vitest";
import { fullnessOf, roomFinding, spaceText } from "../../src/room/fullness.ts";

const gibibyte = 1024 ** 3;
const space = (used: number, size = used, refusing: string | null = null) => ({
	used: used * gibibyte,
	size: size * gibibyte,
	quota: 10 * gibibyte,
	refusing,
	remedies: ["etcdctl compaction 7", "etcdctl defrag"],
});

test("changes are refused from nine tenths on, and a warning comes before", () => {
	expect(fullnessOf(space(0))).toBe("roomy");
	expect(fullnessOf(space(7.4))).toBe("roomy");
	expect(fullnessOf(space(7.5))).toBe("near");
	expect(fullnessOf(space(8.99))).toBe("near");
	expect(fullnessOf(space(9))).toBe("reserved");
	expect(fullnessOf(space(11))).toBe("reserved");
});

test("what is free inside a file that has grown is room, as long as there is much of it", () => {
	expect(fullnessOf(space(2, 8))).toBe("roomy");
	expect(fullnessOf(space(2, 9.9))).toBe("near");
	expect(fullnessOf(space(6, 9.9))).toBe("reserved");
});

test("a store that refuses is full, whatever it counts", () => {
	expect(fullnessOf(space(1, 1, "its alarm is on"))).toBe("full");
});

test("a finding says how full it is, what follows, and what to do, in order", () => {
	expect(roomFinding(space(1))).toBeNull();
	expect(roomFinding(space(8))).toMatchObject({ code: "store-nearly-full", severity: "warning" });
	const reserved = roomFinding(space(9.5));
	expect(reserved).toMatchObject({ code: "store-nearly-full", severity: "error" });
	expect(reserved?.text).toContain("9.5 GiB of 10 GiB used, 95 %");
	expect(reserved?.text).toContain("etcdctl compaction 7, then etcdctl defrag");
	expect(roomFinding(space(9.5, 10, "NOSPACE"))).toMatchObject({ code: "store-full", severity: "error" });
	expect(spaceText(space(1, 9))).toBe("1 GiB of 10 GiB used, 10 %, 9 GiB with what is free in its file");
});

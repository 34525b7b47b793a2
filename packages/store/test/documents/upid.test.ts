import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatUpid, parseUpid } from "../../src/documents/upid.ts";

const upid = { node: "n1", pid: 1, pstart: 2, startedAtS: 3, type: "scan", id: "", user: "root@local" };

describe("the name of a task", () => {
	test("has the nine fields that Proxmox VE's clients take apart", () => {
		const text = formatUpid({ ...upid, pid: 0xbeef, pstart: 0x1_0000_0000, startedAtS: 0x6553_f100 });
		expect(text).toBe("UPID:n1:0000BEEF:100000000:6553F100:scan::root@local:");
		expect(text.split(":")).toHaveLength(9);
	});

	test("is read as Proxmox VE writes it", () => {
		expect(parseUpid("UPID:pve-1:000F4A3B:0C8D1F2E:6553F100:qmstart:100:root@pam:")).toEqual({
			node: "pve-1",
			pid: 0xf4a3b,
			pstart: 0xc8d1f2e,
			startedAtS: 0x6553f100,
			type: "qmstart",
			id: "100",
			user: "root@pam",
		});
	});

	test("keeps whatever stands in its fields, in characters that a path and a store key can hold", () => {
		// Three of them, four characters for each byte, have room in a name.
		const hasRoom = (text: string) => text.isWellFormed() && new TextEncoder().encode(text).length <= 36;
		const field = fc.string({ unit: "grapheme", maxLength: 20 }).filter(hasRoom);
		const filled = field.filter((text) => text !== "");
		fc.assert(
			fc.property(filled, field, filled, (type, id, user) => {
				const text = formatUpid({ ...upid, type, id, user });
				expect(text).toMatch(/^[!-.0-~]+$/);
				expect(text.split(":")).toHaveLength(9);
				expect(parseUpid(text)).toEqual({ ...upid, type, id, user });
			}),
			{ numRuns: 500 },
		);
	});

	test("is refused when it is none", () => {
		for (const text of [
			"",
			"UPID:n1:00000001:00000002:00000003:scan::root@local",
			"UPID:n1:1:00000002:00000003:scan::root@local:",
			"UPID:n1:00000001:00000002:00000003:::root@local:",
			"UPID:n1:00000001:00000002:00000003:scan:a/b:root@local:",
			"UPID:n1:00000001:00000002:00000003:scan:a b:root@local:",
			"UPID:n.1:00000001:00000002:00000003:scan::root@local:",
			`UPID:n1:00000001:00000002:00000003:scan:${"a".repeat(600)}:root@local:`,
		])
			expect(parseUpid(text)).toBeNull();
		expect(() => formatUpid({ ...upid, type: "" })).toThrow("Parameter verification failed.");
		expect(() => formatUpid({ ...upid, node: "n/1" })).toThrow("Parameter verification failed.");
		expect(() => formatUpid({ ...upid, id: "ä".repeat(200) })).toThrow("Parameter verification failed.");
	});
});

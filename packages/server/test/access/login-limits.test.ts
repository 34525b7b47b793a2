import { PathkeeperError } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { HashSlots } from "../../src/access/hash-slots.ts";
import { LoginLimits, mostBuckets } from "../../src/access/login-limits.ts";
import { addressGroup } from "../../src/http/address-group.ts";

function limits() {
	let now = 1_700_000_000_000;
	const counted = new LoginLimits(() => now);
	return {
		counted,
		pass: (ms: number) => {
			now += ms;
		},
		/** True when it is let through at once, and counted as failed. */
		fail: (user: string | null, from: string | null) => {
			try {
				return counted.charge(user, from).waitMs() === 0;
			} catch (error) {
				if (error instanceof PathkeeperError && error.code === "LOGIN_LIMITED") return false;
				throw error;
			}
		},
	};
}
const times = (count: number, attempt: (n: number) => boolean) =>
	Array.from({ length: count }, (_, n) => attempt(n)).filter(Boolean).length;

describe("failed logins", () => {
	test("of one user from one address get five tries, then one in 30 s", () => {
		const { fail, pass } = limits();
		expect(times(50, () => fail("jane@local", "192.0.2.7"))).toBe(5);
		pass(29_000);
		expect(fail("jane@local", "192.0.2.7")).toBe(false);
		pass(1000);
		expect(times(5, () => fail("jane@local", "192.0.2.7"))).toBe(1);
	});

	test("of any names from one address get twenty tries", () => {
		const { fail } = limits();
		expect(times(100, (n) => fail(`user${n}@local`, "192.0.2.7"))).toBe(20);
		expect(fail("jane@local", "192.0.2.8")).toBe(true);
	});

	test("of names that nobody can have are counted like the others", () => {
		const { fail } = limits();
		expect(times(100, () => fail(null, "192.0.2.7"))).toBe(5);
	});

	test("of one user from everywhere get sixty tries, and one address cannot use them up", () => {
		const { fail } = limits();
		expect(times(50, () => fail("root@local", "192.0.2.1"))).toBe(5);
		expect(fail("root@local", "192.0.2.2")).toBe(true);
		// The first in the line does not wait yet.
		expect(times(100, (n) => fail("root@local", `198.51.100.${n}`))).toBe(54 + 1);
	});

	test("of strangers everywhere do not lock a user out where they logged in lately", () => {
		const { counted, fail, pass } = limits();
		counted.succeeded("jane@local", "192.0.2.7");
		times(2000, (n) => fail("jane@local", `10.0.${n >> 8}.${n & 255}`));
		// Nor do others behind the same address, with other names.
		times(100, (n) => fail(`user${n}@local`, "192.0.2.7"));
		expect(times(50, () => fail("jane@local", "192.0.2.7"))).toBe(5);
		pass(31 * 24 * 3600_000);
		times(2000, (n) => fail("jane@local", `10.0.${n >> 8}.${n & 255}`));
		expect(times(50, () => fail("jane@local", "192.0.2.7"))).toBe(0);
	});

	test("of strangers everywhere make a user wait who comes from a new address, and no more", () => {
		const { counted, fail, pass } = limits();
		const flood = () => times(13 * 5, (n) => fail("jane@local", `127.0.1.${n % 13}`));
		flood();
		const waits = Array.from({ length: 200 }, (_, n) => {
			pass(10_000);
			flood();
			const { waitMs, takeBack } = counted.charge("jane@local", `198.51.100.${n}`);
			takeBack();
			return waitMs();
		});
		expect(Math.max(...waits)).toBeGreaterThan(0);
		expect(Math.max(...waits)).toBeLessThanOrEqual(2000 * 14);
	});

	test("that wait in line are one for each site, however many addresses it has", () => {
		const { counted, fail } = limits();
		const flood = () => times(256, (n) => fail("jane@local", `2001:db8:1:${n.toString(16)}::1`));
		flood();
		flood();
		expect(counted.charge("jane@local", "198.51.100.1").waitMs()).toBeLessThanOrEqual(4000);
	});

	test("let no more guesses through than one in two seconds, whatever the addresses", () => {
		const { counted, pass } = limits();
		const attempts: number[] = [];
		for (let second = 0; second < 600; second++) {
			for (let n = 0; n < 20; n++) {
				try {
					const { waitMs } = counted.charge("jane@local", `10.${n}.${second >> 8}.${second & 255}`);
					attempts.push(second * 1000 + waitMs());
				} catch (error) {
					if (!(error instanceof PathkeeperError) || error.code !== "LOGIN_LIMITED") throw error;
				}
			}
			pass(1000);
		}
		// What the bucket holds and leaks, and the line.
		expect(attempts.filter((at) => at < 600_000).length).toBeLessThanOrEqual(60 + 60 + 300 + 1);
	});

	test("say how long to wait", () => {
		const { counted, fail } = limits();
		times(5, () => fail("jane@local", "192.0.2.7"));
		expect(() => counted.charge("jane@local", "192.0.2.7")).toThrow("try again in 30 s");
	});

	test("are counted before they are tried, and not at all when they succeed", () => {
		const { counted, fail } = limits();
		const tried = Array.from({ length: 5 }, () => counted.charge("jane@local", "192.0.2.7"));
		expect(fail("jane@local", "192.0.2.7")).toBe(false);
		for (const { takeBack } of tried) takeBack();
		expect(counted.size).toBe(0);
		expect(times(50, () => fail("jane@local", "192.0.2.7"))).toBe(5);
	});

	test("take no more memory however many names and addresses are made up", () => {
		const { counted, fail } = limits();
		for (let n = 0; n < mostBuckets; n++)
			fail(`user${n}@local`, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
		expect(counted.size).toBe(mostBuckets);
	});

	test("are not forgiven by a clock that is set back", () => {
		const { fail, pass } = limits();
		times(5, () => fail("jane@local", "192.0.2.7"));
		pass(-3_600_000);
		expect(fail("jane@local", "192.0.2.7")).toBe(false);
	});
});

describe("one address", () => {
	test.each([
		["192.0.2.7", "192.0.2.7"],
		["::ffff:192.0.2.7", "192.0.2.7"],
		["::FFFF:192.0.2.7", "192.0.2.7"],
		["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
		["2001:db8:1:2::1", "2001:db8:1:2::/64"],
		["2001:0DB8:0001:0002::ffff", "2001:db8:1:2::/64"],
		["2001:db8::1", "2001:db8:0:0::/64"],
		["::1", "0:0:0:0::/64"],
		["fe80::1%eth0", "fe80:0:0:0::/64"],
	])("%s counts as %s", (address, group) => {
		expect(addressGroup(address)).toBe(group);
	});

	test("is the local socket where there is none", () => {
		expect(addressGroup(null)).toBe("local");
	});
});

describe("hashing of passwords", () => {
	test("goes on two at a time, in order, and turns away what would wait too long", async () => {
		const slots = new HashSlots();
		const ends: (() => void)[] = [];
		const begun: number[] = [];
		const runs = Array.from({ length: 66 }, (_, n) =>
			slots.run(async () => {
				begun.push(n);
				await new Promise<void>((resolve) => ends.push(resolve));
			}),
		);
		expect(begun).toEqual([0, 1]);
		await expect(slots.run(async () => undefined)).rejects.toThrow("too many login attempts");
		while (ends.length > 0) {
			ends.shift()?.();
			await new Promise((resolve) => setImmediate(resolve));
			expect(ends.length).toBeLessThanOrEqual(2);
		}
		await Promise.all(runs);
		expect(begun).toEqual(Array.from({ length: 66 }, (_, n) => n));
	});

	test("frees its place when it fails", async () => {
		const slots = new HashSlots();
		for (let n = 0; n < 5; n++)
			await expect(slots.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
		expect(await slots.run(async () => "yes")).toBe("yes");
	});
});

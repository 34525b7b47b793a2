import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ChangeJoiner } from "../../src/etcd/change-joiner.ts";
import { EtcdKeys } from "../../src/etcd/etcd-keys.ts";
import { type Event, Event_EventType, EventSchema } from "../../src/etcd/wire/etcd_pb.js";
import { bytes, told } from "../contract/tools.ts";

const keys = new EtcdKeys("/p/");

function event(revision: number, key: string, value: string | null): Event {
	const type = value === null ? Event_EventType.DELETE : Event_EventType.PUT;
	const kv = { key: bytes(key), value: bytes(value ?? ""), modRevision: BigInt(revision) };
	return create(EventSchema, { type, kv });
}

test("a transaction that comes in fragments is told once it is whole", () => {
	const joiner = new ChangeJoiner(keys, 4n);
	expect(joiner.take([event(5, "/p/a", "1"), event(6, "/p/a", "2")], true).map(told)).toEqual(["5: a=1"]);
	expect(joiner.upTo).toBe(5n);
	expect(joiner.take([event(6, "/p/b", null)], true)).toEqual([]);
	expect(joiner.take([event(6, "/p/c", "2")], false).map(told)).toEqual(["6: a=2 -b c=2"]);
	expect(joiner.upTo).toBe(6n);
});

test("a part of a transaction is not taken for the whole when the watch breaks off", () => {
	const joiner = new ChangeJoiner(keys, 4n);
	joiner.take([event(5, "/p/a", "1")], true);
	joiner.dropPart();
	expect(joiner.upTo).toBe(4n);
	const again = [event(5, "/p/a", "1"), event(5, "/p/b", "1")];
	expect(joiner.take(again, false).map(told)).toEqual(["5: a=1 b=1"]);
});

test("what is known already is not told again", () => {
	const joiner = new ChangeJoiner(keys, 4n);
	expect(joiner.take([event(3, "/p/a", "1"), event(4, "/p/a", "2")], false)).toEqual([]);
	joiner.skipTo(9n);
	expect(joiner.take([event(8, "/p/a", "3"), event(10, "/p/a", "4")], false).map(told)).toEqual(["10: a=4"]);
	joiner.skipTo(2n);
	expect(joiner.upTo).toBe(10n);
});

test("keys that Pathkeeper cannot have written are left out", () => {
	const joiner = new ChangeJoiner(keys, 0n);
	const foreign = [event(1, "/p/ä", "1"), event(1, "/p/", "1"), event(1, "/q/a", "1")];
	expect(joiner.take([...foreign, event(2, "/p/a b", "1")], false)).toEqual([]);
	expect(joiner.take([event(3, "/p/a", "1"), event(3, "/p/\n", "1")], false).map(told)).toEqual(["3: a=1"]);
	expect(joiner.upTo).toBe(3n);
});

test("wherever the answers are cut, the same transactions come of them", () => {
	const transactions = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 });
	fc.assert(
		fc.property(transactions, fc.array(fc.boolean(), { minLength: 48, maxLength: 48 }), (sizes, cuts) => {
			const events = sizes.flatMap((size, n) =>
				Array.from({ length: size }, (_, i) => event(n + 1, `/p/${i}`, String(n))),
			);
			const joiner = new ChangeJoiner(keys, 0n);
			const heard: string[] = [];
			let part: Event[] = [];
			for (const [n, one] of events.entries()) {
				part.push(one);
				const isLast = n === events.length - 1;
				if (!cuts[n] && !isLast) continue;
				heard.push(...joiner.take(part, !isLast).map(told));
				part = [];
			}
			expect(heard).toEqual(
				sizes.map((size, n) => `${n + 1}: ${Array.from({ length: size }, (_, i) => `${i}=${n}`).join(" ")}`),
			);
		}),
		{ numRuns: 500 },
	);
});

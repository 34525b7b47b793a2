import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { roomFor, type StreamLimits, usualStreamLimits } from "../../src/events/stream-shares.ts";
import type { Party } from "../../src/http/party.ts";

const party = (owner: string, token: string | null = null, address = "192.0.2.1"): Party => ({
	name: token === null ? owner : `${owner}!${token}`,
	owner,
	address,
});

/** Opens streams one after another, as the hub does; gives those that are open in the end, oldest first. */
function open(parties: readonly Party[], limits: StreamLimits = usualStreamLimits) {
	let streams: (readonly [number, Party])[] = [];
	const refused: number[] = [];
	for (const [id, newcomer] of parties.entries()) {
		for (;;) {
			const room = roomFor(newcomer, streams, limits);
			if (room.kind === "instead of") {
				streams = streams.filter(([stream]) => stream !== room.stream);
				continue;
			}
			if (room.kind === "free") streams.push([id, newcomer]);
			else refused.push(id);
			break;
		}
	}
	return { streams, refused };
}

const many = (count: number, of: (at: number) => Party) => Array.from({ length: count }, (_, at) => of(at));

describe("the streams of one who opens many", () => {
	test("are a few: the newest of a user, of a token", () => {
		for (const token of [null, "monitor"]) {
			const { streams, refused } = open(many(512, () => party("low@local", token)));
			expect(streams.map(([id]) => id)).toEqual([504, 505, 506, 507, 508, 509, 510, 511]);
			expect(refused).toEqual([]);
		}
	});

	test("are no more with a hundred tokens and addresses", () => {
		const { streams } = open(many(1000, (at) => party("low@local", `t${at % 100}`, `192.0.2.${at % 250}`)));
		expect(streams).toHaveLength(usualStreamLimits.perOwner);
	});

	test("end no stream of another user or token", () => {
		const admin = many(3, () => party("root@local"));
		const { streams } = open([...admin, ...many(512, () => party("low@local"))]);
		expect(streams.filter(([, { name }]) => name === "root@local")).toHaveLength(3);
		const page = open([party("low@local"), ...many(512, (at) => party("low@local", `t${at % 50}`))]);
		expect(page.streams.map(([id]) => id)).toContain(0);
	});

	test("leave room for others from the same address, and in all", () => {
		const flood = many(2000, (at) => party(`u${at % 4}@local`, `t${at % 64}`));
		const { streams, refused } = open([...flood, party("root@local")]);
		expect(streams.map(([id]) => id)).toContain(2000);
		expect(refused).toEqual([]);
		const crowd = many(5000, (at) => party(`u${at % 40}@local`, `t${at % 160}`, `192.0.2.${at % 200}`));
		const full = open([...crowd, party("root@local", null, "198.51.100.1")]);
		expect(full.streams).toHaveLength(usualStreamLimits.inAll);
		expect(full.streams.map(([id]) => id)).toContain(5000);
	});
});

describe("a limit", () => {
	const small: StreamLimits = { perName: 2, perOwner: 3, perAddress: 4, inAll: 6 };
	const parties = fc.array(
		fc
			.record({
				owner: fc.constantFrom("a@local", "b@local", "c@local", "d@local"),
				token: fc.constantFrom(null, "s", "t"),
				address: fc.constantFrom("1", "2", "3"),
			})
			.map(({ owner, token, address }) => party(owner, token, address)),
		{ maxLength: 60 },
	);

	test("is kept whoever comes, and who has none is refused only where nobody has more than one", () => {
		fc.assert(
			fc.property(parties, (all) => {
				const { streams } = open(all, small);
				const most = (by: keyof Party) =>
					Math.max(
						0,
						...[...Map.groupBy(streams, ([, one]) => one[by]).values()].map(({ length }) => length),
					);
				expect(most("name")).toBeLessThanOrEqual(small.perName);
				expect(most("owner")).toBeLessThanOrEqual(small.perOwner);
				expect(most("address")).toBeLessThanOrEqual(small.perAddress);
				expect(streams.length).toBeLessThanOrEqual(small.inAll);
				const newcomer = party("new@local", null, "9");
				if (roomFor(newcomer, streams, small).kind === "none") expect(most("owner")).toBe(1);
			}),
		);
	});
});

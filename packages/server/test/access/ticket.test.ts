import { createSecretKey } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	isCsrfOf,
	isFresh,
	isGenuine,
	openSession,
	parseTicket,
	sessionLifetimeS,
	type Ticket,
	ticketLifetimeS,
} from "../../src/access/ticket.ts";

const key = createSecretKey(Buffer.alloc(32, 1));
const account = { id: "jane@local", sessions: "9f0c2a52-5d5e-4a8a-8d0c-0d9d4f2b7f11" };
const at = 1_700_000_000;
const mark = { sinceS: at, id: "0123456789ab" };
const session = openSession(key, account, at, mark);

function parsed(text: string): Ticket {
	const ticket = parseTicket(text);
	if (ticket === null) throw new Error(`no ticket: ${text}`);
	return ticket;
}
const good = (text: string) => {
	const ticket = parseTicket(text);
	return ticket !== null && isGenuine(key, ticket, account.sessions) && isFresh(ticket, at);
};

describe("a ticket", () => {
	test("has Proxmox VE's form", () => {
		expect(session.ticket).toMatch(/^PVE:jane@local:6553F100::[A-Za-z0-9+/]{56}$/);
		expect(session.csrf).toMatch(/^6553F100:[A-Za-z0-9+/]{43}=$/);
		expect(good(session.ticket)).toBe(true);
	});

	test("says which login it is from, and goes on saying so when it is renewed", () => {
		expect(parsed(session.ticket).session).toEqual(mark);
		const renewed = parsed(openSession(key, account, at + 7000, mark).ticket);
		expect(renewed.session).toEqual(mark);
		expect(isGenuine(key, renewed, account.sessions)).toBe(true);
	});

	test("is good for twelve hours after its login, however often it was renewed", () => {
		const renewed = (ageS: number) =>
			isFresh(parsed(openSession(key, account, at + ageS, mark).ticket), at + ageS);
		expect([0, 3600, sessionLifetimeS - 1, sessionLifetimeS].map(renewed)).toEqual([true, true, true, false]);
	});

	test("is good for two hours, and for clocks that differ by minutes", () => {
		const ticket = parsed(session.ticket);
		expect(
			[-301, -300, 0, ticketLifetimeS - 1, ticketLifetimeS].map((age) => isFresh(ticket, at + age)),
		).toEqual([false, true, true, true, false]);
	});

	test("is worthless with any letter changed, added, or taken away", () => {
		const change = fc.record({
			at: fc.nat(session.ticket.length - 1),
			letter: fc.constantFrom(...session.ticket, "Z", "\n", "%", " ", "\u0000"),
			how: fc.constantFrom("change", "insert", "delete", "cut"),
		});
		fc.assert(
			fc.property(change, ({ at: place, letter, how }) => {
				const head = session.ticket.slice(0, place);
				const tail = session.ticket.slice(how === "insert" ? place : place + 1);
				const forged = how === "cut" ? head : `${head}${how === "delete" ? "" : letter}${tail}`;
				fc.pre(forged !== session.ticket);
				expect(good(forged)).toBe(false);
			}),
			{ numRuns: 1000 },
		);
	});

	test("does not serve another user, time, key or another of the user's sessions", () => {
		const { sealed } = parsed(session.ticket);
		expect(good(`PVE:joe@local:6553F100::${sealed}`)).toBe(false);
		expect(good(`PVE:jane@local:6553F101::${sealed}`)).toBe(false);
		expect(isGenuine(createSecretKey(Buffer.alloc(32, 2)), parsed(session.ticket), account.sessions)).toBe(
			false,
		);
		expect(isGenuine(key, parsed(session.ticket), "another-session-name")).toBe(false);
		expect(isGenuine(key, parsed(session.ticket), "")).toBe(false);
	});

	test.each([
		"",
		"PVE:",
		"PVE:jane@local",
		"PVE:jane@local:6553F100::",
		`PMG:jane@local:6553F100::${"A".repeat(56)}`,
		`PVE:jane@local:6553F100:${"A".repeat(56)}`,
		`PVE:jane@local:6553f100::${"A".repeat(56)}`,
		`PVE:ja:ne@local:6553F100::${"A".repeat(56)}`,
		`PVE:jane\n@local:6553F100::${"A".repeat(56)}`,
		`PVE:jane@local!x:6553F100::${"A".repeat(56)}`,
		`PVE:jane@local:6553F100::${"A".repeat(56)}\n`,
	])("is not %j", (text) => {
		expect(parseTicket(text)).toBeNull();
	});
});

describe("a token against cross-site requests", () => {
	const of = (csrf: string, { id = account.id, sessions = account.sessions, nowS = at } = {}) =>
		isCsrfOf(key, { id, sessions }, csrf, nowS);

	test("serves its user for two hours", () => {
		expect(of(session.csrf)).toBe(true);
		expect(of(session.csrf, { nowS: at + ticketLifetimeS - 1 })).toBe(true);
		expect(of(session.csrf, { nowS: at + ticketLifetimeS })).toBe(false);
	});

	test("does not serve another user, nor the same after a new password", () => {
		expect(of(session.csrf, { id: "joe@local" })).toBe(false);
		expect(of(session.csrf, { sessions: "another-session-name" })).toBe(false);
	});

	test("is not the signature of the ticket, nor the other way round", () => {
		const { sealed } = parsed(session.ticket);
		const signature = Buffer.from(sealed, "base64").subarray(10).toString("base64");
		expect(of(`6553F100:${signature}`)).toBe(false);
		const bytes = Buffer.concat([
			Buffer.from(sealed, "base64").subarray(0, 10),
			Buffer.from(session.csrf.slice(9), "base64"),
		]);
		expect(good(`PVE:jane@local:6553F100::${bytes.toString("base64")}`)).toBe(false);
	});

	test("is neither empty nor cut", () => {
		for (const wrong of ["", session.csrf.slice(0, -1), session.csrf.slice(9), `${session.csrf}=`])
			expect(of(wrong)).toBe(false);
	});
});

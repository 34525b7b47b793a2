import { createSecretKey } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	isCsrfOf,
	isFresh,
	isGenuine,
	openSession,
	parseTicket,
	type Ticket,
	ticketLifetimeS,
} from "../../src/access/ticket.ts";

const key = createSecretKey(Buffer.alloc(32, 1));
const account = { id: "jane@local", sessions: "9f0c2a52-5d5e-4a8a-8d0c-0d9d4f2b7f11" };
const at = 1_700_000_000;
const session = openSession(key, account, at);

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
		expect(session.ticket).toMatch(/^PVE:jane@local:6553F100::[A-Za-z0-9+/]{43}=$/);
		expect(session.csrf).toMatch(/^6553F100:[A-Za-z0-9+/]{43}=$/);
		expect(good(session.ticket)).toBe(true);
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

	test("is not another one for the same signature in other letters of base64", () => {
		// The last letter carries two bits that decode to nothing.
		for (const last of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
			const forged = `${session.ticket.slice(0, -2)}${last}=`;
			if (forged !== session.ticket) expect(good(forged)).toBe(false);
		}
	});

	test("does not serve another user, time, key or another of the user's sessions", () => {
		const signature = parsed(session.ticket).signature;
		expect(good(`PVE:joe@local:6553F100::${signature}`)).toBe(false);
		expect(good(`PVE:jane@local:6553F101::${signature}`)).toBe(false);
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
		`PMG:jane@local:6553F100::${"A".repeat(43)}=`,
		`PVE:jane@local:6553F100:${"A".repeat(43)}=`,
		`PVE:jane@local:6553f100::${"A".repeat(43)}=`,
		`PVE:ja:ne@local:6553F100::${"A".repeat(43)}=`,
		`PVE:jane\n@local:6553F100::${"A".repeat(43)}=`,
		`PVE:jane@local!x:6553F100::${"A".repeat(43)}=`,
		`PVE:jane@local:6553F100::${"A".repeat(43)}=\n`,
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
		const { signature } = parsed(session.ticket);
		expect(of(`6553F100:${signature}`)).toBe(false);
		expect(good(`PVE:jane@local:6553F100::${session.csrf.slice(9)}`)).toBe(false);
	});

	test("is neither empty nor cut", () => {
		for (const wrong of ["", session.csrf.slice(0, -1), session.csrf.slice(9), `${session.csrf}=`])
			expect(of(wrong)).toBe(false);
	});
});

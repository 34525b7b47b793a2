import { createSecretKey } from "node:crypto";
import { hashPassword, isPassword, isTokenSecret } from "@pathkeeper/store";
import { beforeEach, expect, test, vi } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { isCsrfOf, isGenuine, openSession, parseTicket } from "../../src/access/ticket.ts";

/** Sizes of what was compared; the comparison itself is the real one. */
const compared = vi.hoisted((): number[] => []);
vi.mock("node:crypto", async (original) => {
	const real = await original<typeof import("node:crypto")>();
	return {
		...real,
		timingSafeEqual: (one: NodeJS.ArrayBufferView, other: NodeJS.ArrayBufferView) => {
			compared.push(one.byteLength, other.byteLength);
			return real.timingSafeEqual(one, other);
		},
	};
});

beforeEach(() => {
	compared.length = 0;
});

const key = createSecretKey(Buffer.alloc(32, 1));
const at = 1_700_000_000;
const jane = { id: "jane@local", sessions: "some-sessions-of-jane" };
const session = openSession(key, jane, at, { sinceS: at, id: "0123456789ab" });
const ticket = parseTicket(session.ticket);
const token = {
	name: "backup",
	comment: "",
	expiresAtS: 0,
	separated: true,
	secretHash: "0".repeat(64),
};
const hash = await hashPassword("correct horse", realRuntime);

test.each([
	["a ticket", () => ticket !== null && isGenuine(key, ticket, jane.sessions), true],
	["a forged ticket", () => ticket !== null && isGenuine(key, ticket, "other"), false],
	["a token against cross-site requests", () => isCsrfOf(key, jane, session.csrf, at), true],
	["a short one", () => isCsrfOf(key, jane, "x", at), false],
	["the secret of a token", () => isTokenSecret("secret", token), false],
	["the secret of no token", () => isTokenSecret("secret", null), false],
	["a password", () => isPassword("correct horse", hash), true],
	["a wrong password", () => isPassword("x", hash), false],
	["the password of nobody", () => isPassword("x", null), false],
] as const)("%s is compared in constant time, whatever its length", async (_, compare, expected) => {
	expect(await compare()).toBe(expected);
	expect(compared).toEqual([32, 32]);
});

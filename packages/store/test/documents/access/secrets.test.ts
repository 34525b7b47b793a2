import { inspect } from "node:util";
import type { Randomness } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../../pathkeeper/src/runtime/real-runtime.ts";
import { readAccount } from "../../../src/documents/access/account.ts";
import { makeFirstAdministrator } from "../../../src/documents/access/first-administrator.ts";
import {
	hashPassword,
	isPassword,
	passwordHashPattern,
} from "../../../src/documents/access/password-hash.ts";
import { isSameSecret } from "../../../src/documents/access/same-secret.ts";
import { ticketKey } from "../../../src/documents/access/ticket-key.ts";
import { codeOf, put, write } from "../../contract/tools.ts";
import { storePerTest } from "../document-store.ts";
import { audited, everythingIn } from "./audited.ts";

const shared = storePerTest();
const random = realRuntime;
const fixed: Randomness = { bytes: (count) => new Uint8Array(count).fill(7), uuid: random.uuid };

describe("the hash of a password", () => {
	test("is argon2id in the form that other programs read", async () => {
		// Known answer: argon2-cffi 25.1.0, hash_secret(b"correct horse", b"\x07" * 16, 2, 19456, 1, 32, Type.ID)
		const known =
			"$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$cTLmpgKLeruU6za+t2cUZ3fNfHVCYhGoJ8inpcUNcwc";
		expect(await hashPassword("correct horse", fixed)).toBe(known);
		expect(known).toMatch(new RegExp(passwordHashPattern));
	});

	test("fits its password, and no other", async () => {
		const hash = await hashPassword("correct horse", random);
		expect(await isPassword("correct horse", hash)).toBe(true);
		for (const wrong of ["correct horsf", "correct horse ", "Correct horse", "", hash])
			expect(await isPassword(wrong, hash)).toBe(false);
	});

	test("is another one each time", async () => {
		expect(await hashPassword("same", random)).not.toBe(await hashPassword("same", random));
	});

	test("fits the same letters however a keyboard composes them", async () => {
		const hash = await hashPassword("Gr\u00f6\u00dfe", random);
		expect(await isPassword("Gro\u0308\u00dfe", hash)).toBe(true);
		expect(await isPassword("Grosse", hash)).toBe(false);
	});
});

test("secrets are the same only letter by letter, whatever their lengths", () => {
	expect(isSameSecret("", "")).toBe(true);
	expect(isSameSecret("abc", "abc")).toBe(true);
	for (const other of ["", "ab", "abd", "abcd", "ABC", "abc\u0000"])
		expect(isSameSecret("abc", other)).toBe(false);
});

describe("the key that signs tickets", () => {
	test("is made once and then the same for every server", async () => {
		const keys = await Promise.all([1, 2, 3].map(() => ticketKey(shared.store, random)));
		const again = await ticketKey(shared.store, fixed);
		for (const key of keys) expect(key.equals(again)).toBe(true);
		expect(again.symmetricKeySize).toBe(32);
	});

	test("is not shown by what prints it", async () => {
		const key = await ticketKey(shared.store, random);
		const hex = key.export().toString("hex");
		expect(`${inspect(key)} ${JSON.stringify({ key })} ${String(key)}`).not.toContain(hex);
	});

	test("is not made again over one that cannot be read", async () => {
		await write(shared.store, put("access/ticket-key", JSON.stringify({ key: "abcd" })));
		expect(await codeOf(ticketKey(shared.store, random))).toBe("DOCUMENT_UNREADABLE");
	});
});

describe("the first administrator", () => {
	test("is root@local with a random password that is kept nowhere", async () => {
		const made = await makeFirstAdministrator(shared.store, { ...realRuntime, now: () => 5 });
		expect(made?.user).toBe("root@local");
		expect(made?.password).toMatch(/^[a-km-np-z2-9]{5}(-[a-km-np-z2-9]{5}){3}$/);
		const account = await readAccount(shared.store, "root@local");
		expect(await isPassword(made?.password ?? "", account?.passwordHash ?? null)).toBe(true);
		expect(await everythingIn(shared.store)).not.toContain(made?.password);
		expect(await audited(shared.store)).toEqual(["access.user.create root@local"]);
	});

	test("is made once, however many servers start at a time", async () => {
		const made = await Promise.all(
			[1, 2, 3].map(() => makeFirstAdministrator(shared.store, { ...realRuntime, now: () => 5 })),
		);
		expect(made.filter((one) => one !== null)).toHaveLength(1);
		expect(await makeFirstAdministrator(shared.store, { ...realRuntime, now: () => 6 })).toBeNull();
	});
});

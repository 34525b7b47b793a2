import { describe, expect, test } from "vitest";
import { readAccount, readUser } from "../../../src/documents/access/account.ts";
import { readAcl } from "../../../src/documents/access/acl-document.ts";
import { editAcl } from "../../../src/documents/access/edit-acl.ts";
import {
	createToken,
	deleteToken,
	isTokenSecret,
	updateToken,
} from "../../../src/documents/access/tokens.ts";
import { createUser } from "../../../src/documents/access/users.ts";
import { codeOf } from "../../contract/tools.ts";
import { storePerTest } from "../document-store.ts";
import { audited, edit, everythingIn } from "./audited.ts";

const shared = storePerTest();
const user = "jane@local";
const withUser = () => createUser(shared.store, { id: user, passwordHash: null }, edit);
const storedToken = async (name: string) =>
	(await readAccount(shared.store, user))?.tokens.find((token) => token.name === name) ?? null;
const grant = (subject: string) =>
	editAcl(
		shared.store,
		"test",
		(acl) => [...acl, { path: "/", subject, role: "Auditor", propagate: true }],
		edit,
	);

describe("a token", () => {
	test("has a secret that is a UUID in lower case, given once and kept as a hash only", async () => {
		await withUser();
		const { token, secret } = await createToken(shared.store, user, "backup", { comment: "nightly" }, edit);
		expect(secret).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(token).toEqual({ name: "backup", comment: "nightly", expiresAtS: 0, separated: true });
		expect(await readUser(shared.store, user)).toMatchObject({ tokens: [token] });
		expect(await everythingIn(shared.store)).not.toContain(secret);
		expect(JSON.stringify(await readUser(shared.store, user))).not.toContain(
			(await storedToken("backup"))?.secretHash,
		);
	});

	test("is known by its secret and by no other", async () => {
		await withUser();
		const { secret } = await createToken(shared.store, user, "backup", {}, edit);
		const { secret: other } = await createToken(shared.store, user, "other", {}, edit);
		const token = await storedToken("backup");
		expect(isTokenSecret(secret, token)).toBe(true);
		for (const wrong of [
			other,
			"",
			secret.slice(1),
			`${secret} `,
			secret.toUpperCase(),
			token?.secretHash ?? "",
		])
			expect(isTokenSecret(wrong, token)).toBe(false);
		expect(isTokenSecret("", null)).toBe(false);
		expect(isTokenSecret(secret, null)).toBe(false);
	});

	test("keeps its secret when it is changed", async () => {
		await withUser();
		const { secret } = await createToken(shared.store, user, "backup", { comment: "x" }, edit);
		await grant(`${user}!backup`);
		expect(await updateToken(shared.store, user, "backup", { separated: false }, edit)).toEqual({
			name: "backup",
			comment: "x",
			expiresAtS: 0,
			separated: false,
		});
		expect(isTokenSecret(secret, await storedToken("backup"))).toBe(true);
		expect(await readAcl(shared.store)).toHaveLength(1);
	});

	test("goes with its entries, and one of the same name has neither secret nor entries of it", async () => {
		await withUser();
		const { secret } = await createToken(shared.store, user, "backup", {}, edit);
		for (const subject of [`${user}!backup`, `${user}!backup2`, user]) await grant(subject);
		await deleteToken(shared.store, user, "backup", edit);
		expect((await readAcl(shared.store)).map(({ subject }) => subject).sort()).toEqual([
			user,
			`${user}!backup2`,
		]);
		await grant(`${user}!backup`);
		await createToken(shared.store, user, "backup", {}, edit);
		expect((await readAcl(shared.store)).map(({ subject }) => subject).sort()).toEqual([
			user,
			`${user}!backup2`,
		]);
		expect(isTokenSecret(secret, await storedToken("backup"))).toBe(false);
	});

	test("needs a user, a name of its own, and a name that can be one", async () => {
		expect(await codeOf(createToken(shared.store, user, "backup", {}, edit))).toBe("NOT_FOUND");
		await withUser();
		await createToken(shared.store, user, "backup", {}, edit);
		expect(await codeOf(createToken(shared.store, user, "backup", {}, edit))).toBe("ALREADY_EXISTS");
		for (const name of ["", "x", "1x", "a=b", "a!b", "a\nb", "a b", "ä1", "a".repeat(65)])
			expect(await codeOf(createToken(shared.store, user, name, {}, edit))).toBe("PARAMETER_INVALID");
		expect(await codeOf(updateToken(shared.store, user, "nope", {}, edit))).toBe("NOT_FOUND");
		expect(await codeOf(deleteToken(shared.store, user, "nope", edit))).toBe("NOT_FOUND");
	});

	test("is one of a hundred at most", async () => {
		await withUser();
		for (let n = 0; n < 100; n++) await createToken(shared.store, user, `t${n}`, {}, edit);
		expect(await codeOf(createToken(shared.store, user, "more", {}, edit))).toBe("PARAMETER_INVALID");
	});

	test("is audited by its full name", async () => {
		await withUser();
		await createToken(shared.store, user, "backup", {}, edit);
		await updateToken(shared.store, user, "backup", { comment: "x" }, edit);
		await deleteToken(shared.store, user, "backup", edit);
		expect((await audited(shared.store)).filter((line) => line.includes("token"))).toEqual([
			"access.token.create jane@local!backup",
			"access.token.delete jane@local!backup",
			"access.token.update jane@local!backup",
		]);
	});
});

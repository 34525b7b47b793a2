import { describe, expect, test } from "vitest";
import {
	readAccount,
	readAccountAndToken,
	readUser,
	readUsers,
} from "../../../src/documents/access/account.ts";
import { readAcl } from "../../../src/documents/access/acl-document.ts";
import { editAcl } from "../../../src/documents/access/edit-acl.ts";
import {
	createToken,
	deleteToken,
	isTokenSecret,
	updateToken,
} from "../../../src/documents/access/tokens.ts";
import { createUser, deleteUser, updateUser } from "../../../src/documents/access/users.ts";
import { bytes, codeOf, put, take, write } from "../../contract/tools.ts";
import { storePerTest } from "../document-store.ts";
import { audited, edit, everythingIn } from "./audited.ts";

const shared = storePerTest();
const user = "jane@local";
const withUser = () => createUser(shared.store, { id: user, passwordHash: null }, edit);
const storedToken = async (name: string) => (await readAccountAndToken(shared.store, user, name)).token;
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

describe("the documents of tokens", () => {
	const documents = async () => (await shared.store.list("access/token/")).entries;
	/** Keys that a change writes, without the audit. */
	const written = async (change: () => Promise<unknown>) => {
		const { revision } = await shared.store.list("");
		await change();
		const [changes] = await take(shared.store, "access/", revision, 1);
		return (changes?.changes ?? [])
			.map((one) => (one.type === "put" ? `${one.entry.key}` : `-${one.key}`))
			.sort();
	};

	test("are one each, and a change of one writes nothing of the others", async () => {
		await withUser();
		for (const name of ["ta", "tb", "tc"]) await createToken(shared.store, user, name, {}, edit);
		expect((await documents()).map(({ key }) => key)).toEqual([
			"access/token/jane@local/ta",
			"access/token/jane@local/tb",
			"access/token/jane@local/tc",
		]);
		expect(await written(() => updateToken(shared.store, user, "tb", { comment: "x" }, edit))).toEqual([
			"access/token/jane@local/tb",
		]);
		expect(await written(() => deleteToken(shared.store, user, "tc", edit))).toEqual([
			"-access/token/jane@local/tc",
		]);
		expect(await written(() => updateUser(shared.store, user, { comment: "x" }, edit))).toEqual([
			"access/user/jane@local",
		]);
	});

	test("keep a change small however many there are", async () => {
		await withUser();
		for (let n = 0; n < 100; n++)
			await createToken(shared.store, user, `t${n}`, { comment: "x".repeat(128) }, edit);
		const { revision } = await shared.store.list("");
		await updateToken(shared.store, user, "t5", { comment: "y".repeat(128) }, edit);
		const [changes] = await take(shared.store, "", revision, 1);
		const size = (changes?.changes ?? []).reduce(
			(sum, one) => sum + (one.type === "put" ? one.entry.key.length + one.entry.value.length : 0),
			0,
		);
		expect(size).toBeLessThan(1000);
	});

	test("go with their user, and none of them comes back with the name", async () => {
		await withUser();
		const { secret } = await createToken(shared.store, user, "backup", {}, edit);
		await createToken(shared.store, user, "other", {}, edit);
		const [kept] = await documents();
		await deleteUser(shared.store, user, edit);
		expect(await documents()).toEqual([]);
		expect(await storedToken("backup")).toBeNull();
		// As a server leaves it that knows nothing of these documents.
		await write(shared.store, { op: "put", key: kept?.key ?? "", value: kept?.value ?? bytes("") });
		await withUser();
		expect((await readUser(shared.store, user))?.tokens).toEqual([]);
		expect(isTokenSecret(secret, await storedToken("backup"))).toBe(false);
	});

	test("are not left behind by who makes one while the user is removed", async () => {
		await withUser();
		for (let n = 0; n < 10; n++) await createToken(shared.store, user, `t${n}`, {}, edit);
		const making = Array.from({ length: 10 }, (_, n) =>
			createToken(shared.store, user, `new${n}`, {}, edit).then(
				() => "made",
				() => "refused",
			),
		);
		const removing = deleteUser(shared.store, user, edit);
		await Promise.all([...making, removing]);
		expect(await readAccount(shared.store, user)).toBeNull();
		expect(await documents()).toEqual([]);
	});

	test("are a hundred at most, however many are made at once", async () => {
		await withUser();
		for (let n = 0; n < 97; n++) await createToken(shared.store, user, `t${n}`, {}, edit);
		const made = await Promise.all(
			Array.from({ length: 8 }, (_, n) =>
				createToken(shared.store, user, `new${n}`, {}, edit).catch(() => null),
			),
		);
		expect(made.filter((one) => one !== null)).toHaveLength(3);
		expect(await documents()).toHaveLength(100);
	});

	test("that cannot be read let nobody in, and are named", async () => {
		await withUser();
		await createToken(shared.store, user, "backup", {}, edit);
		const key = "access/token/jane@local/backup";
		for (const text of ["{", "{}", JSON.stringify({ name: "other" })]) {
			await write(shared.store, put(key, text));
			await expect(storedToken("backup")).rejects.toThrow(key);
			await expect(readUsers(shared.store)).rejects.toThrow(key);
		}
	});
});

describe("tokens in the document of their user, as they stood before", () => {
	const before = (count: number) =>
		Array.from({ length: count }, (_, n) => ({
			name: `old${n}`,
			comment: "x".repeat(1024),
			expiresAtS: n,
			separated: n % 2 === 0,
			secretHash: String(n).padStart(64, "a"),
		}));
	const withOld = async (count: number) => {
		const account = {
			id: user,
			comment: "",
			enabled: true,
			expiresAtS: 0,
			passwordHash: null,
			sessions: "s".repeat(36),
			tokens: before(count),
		};
		await write(shared.store, put(`access/user/${user}`, JSON.stringify(account)));
	};
	const shown = async () =>
		(await readUser(shared.store, user))?.tokens
			.map(({ name, expiresAtS }) => `${name} ${expiresAtS}`)
			.sort();

	test("are read, each with its secret", async () => {
		await withOld(3);
		expect(await shown()).toEqual(["old0 0", "old1 1", "old2 2"]);
		expect((await readUsers(shared.store))[0]?.tokens).toHaveLength(3);
		expect(await storedToken("old1")).toEqual(before(3)[1]);
	});

	test("move with the first change of the user or of one of them, all hundred without loss", async () => {
		const change = {
			user: () => updateUser(shared.store, user, { comment: "x" }, edit),
			token: () => updateToken(shared.store, user, "old7", { separated: true }, edit),
		};
		for (const [what, make] of Object.entries(change)) {
			await withOld(100);
			await make();
			expect((await shared.store.list(`access/token/${user}/`)).entries, what).toHaveLength(100);
			const stored = new TextDecoder().decode((await shared.store.get(`access/user/${user}`))?.value);
			expect(stored).not.toContain("old");
			for (const token of before(100)) {
				const separated = what === "token" && token.name === "old7" ? true : token.separated;
				expect(await storedToken(token.name)).toEqual({ ...token, separated });
			}
			await deleteUser(shared.store, user, edit);
		}
	});

	test("go when they are removed, and count among the hundred", async () => {
		await withOld(100);
		expect(await codeOf(createToken(shared.store, user, "more", {}, edit))).toBe("PARAMETER_INVALID");
		await deleteToken(shared.store, user, "old5", edit);
		expect(await storedToken("old5")).toBeNull();
		expect(await shown()).toHaveLength(99);
		await createToken(shared.store, user, "more", {}, edit);
		expect(await shown()).toHaveLength(100);
		await deleteUser(shared.store, user, edit);
		expect((await shared.store.list("access/")).entries.map(({ key }) => key)).toEqual([]);
	});

	test("that stand in both places are as their own document says", async () => {
		await withOld(2);
		await updateToken(shared.store, user, "old1", { comment: "new" }, edit);
		await withOld(2);
		expect((await storedToken("old1"))?.comment).toBe("new");
	});
});

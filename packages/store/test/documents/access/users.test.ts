import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../../pathkeeper/src/runtime/real-runtime.ts";
import { readAccount, readUser, readUsers } from "../../../src/documents/access/account.ts";
import { readAcl } from "../../../src/documents/access/acl-document.ts";
import { editAcl } from "../../../src/documents/access/edit-acl.ts";
import { isPassword } from "../../../src/documents/access/password-hash.ts";
import { createToken } from "../../../src/documents/access/tokens.ts";
import { createUser, deleteUser, setPassword, updateUser } from "../../../src/documents/access/users.ts";
import { readAudit } from "../../../src/documents/read-audit.ts";
import { bytes, codeOf, put, write } from "../../contract/tools.ts";
import { storePerTest } from "../document-store.ts";
import { audited, edit } from "./audited.ts";

const shared = storePerTest();
const id = "jane@local";
const hash = `$argon2id$v=19$m=19456,t=2,p=1$${"A".repeat(22)}$${"B".repeat(43)}`;
const jane = { id, passwordHash: hash };
const grant = (subject: string) =>
	editAcl(
		shared.store,
		"test",
		(acl) => [...acl, { path: "/", subject, role: "Administrator", propagate: true }],
		edit,
	);
const sessions = async () => (await readAccount(shared.store, id))?.sessions;

describe("a user", () => {
	test("that is added is enabled, never expires, has no tokens, and shows no secret", async () => {
		const user = { id, comment: "", enabled: true, expiresAtS: 0, tokens: [] };
		expect(await createUser(shared.store, jane, edit)).toEqual(user);
		expect(await readUser(shared.store, id)).toEqual(user);
		expect(await readUsers(shared.store)).toEqual([user]);
	});

	test("is added once", async () => {
		await createUser(shared.store, jane, edit);
		expect(await codeOf(createUser(shared.store, jane, edit))).toBe("ALREADY_EXISTS");
	});

	test.each([
		"jane",
		"ja\nne@local",
		"jane:@local",
		"jane@local!x",
		"ja\u0000ne@local",
		"jäne@local",
		"a/b@local",
		"",
	])("cannot be called %j", async (name) => {
		expect(await codeOf(createUser(shared.store, { id: name, passwordHash: null }, edit))).toBe(
			"PARAMETER_INVALID",
		);
		expect((await shared.store.list("")).entries).toEqual([]);
	});

	test("changes in what is given only", async () => {
		await createUser(shared.store, { ...jane, comment: "DBA" }, edit);
		await updateUser(shared.store, id, { expiresAtS: 1_800_000_000 }, edit);
		expect(await readUser(shared.store, id)).toMatchObject({
			comment: "DBA",
			enabled: true,
			expiresAtS: 1_800_000_000,
		});
		expect((await readAccount(shared.store, id))?.passwordHash).toBe(hash);
	});

	test("loses all sessions with a new password, when disabled, and when deleted and added again", async () => {
		const seen = new Set<string | undefined>();
		const note = async () => {
			const now = await sessions();
			expect(seen.has(now)).toBe(false);
			seen.add(now);
		};
		await createUser(shared.store, jane, edit);
		await note();
		await setPassword(shared.store, id, hash.replace("B", "C"), edit);
		await note();
		await updateUser(shared.store, id, { enabled: false }, edit);
		await note();
		await deleteUser(shared.store, id, edit);
		await createUser(shared.store, jane, edit);
		await note();
	});

	test("keeps sessions when only something else changes", async () => {
		await createUser(shared.store, jane, edit);
		const before = await sessions();
		await updateUser(shared.store, id, { comment: "DBA", enabled: true }, edit);
		expect(await sessions()).toBe(before);
	});

	test("goes with tokens and entries, and one of the same name inherits nothing", async () => {
		await createUser(shared.store, jane, edit);
		await createToken(shared.store, id, "backup", {}, edit);
		for (const subject of [id, `${id}!backup`, "joe@local"]) await grant(subject);
		await deleteUser(shared.store, id, edit);
		expect(await readUser(shared.store, id)).toBeNull();
		expect((await readAcl(shared.store)).map(({ subject }) => subject)).toEqual(["joe@local"]);
		await grant(id); // Left behind by a race, say.
		await createUser(shared.store, jane, edit);
		expect((await readAcl(shared.store)).map(({ subject }) => subject)).toEqual(["joe@local"]);
		expect((await readUser(shared.store, id))?.tokens).toEqual([]);
	});

	test("root@local stays", async () => {
		await createUser(shared.store, { ...jane, id: "root@local" }, edit);
		expect(await codeOf(deleteUser(shared.store, "root@local", edit))).toBe("PARAMETER_INVALID");
		expect(await readUser(shared.store, "root@local")).not.toBeNull();
	});

	test("that is not there cannot be changed, deleted or given a password", async () => {
		for (const attempt of [
			updateUser(shared.store, id, { enabled: true }, edit),
			deleteUser(shared.store, id, edit),
			setPassword(shared.store, id, hash, edit),
		])
			expect(await codeOf(attempt)).toBe("NOT_FOUND");
		expect((await shared.store.list("")).entries).toEqual([]);
	});

	test("is not changed when the author may not", async () => {
		await createUser(shared.store, jane, edit);
		const judge = () => {
			throw new Error("not you");
		};
		await expect(deleteUser(shared.store, id, { ...edit, judge })).rejects.toThrow("not you");
		expect(await readUser(shared.store, id)).not.toBeNull();
	});

	test("that cannot be read is refused and not unknown", async () => {
		const damaged = [
			"{}",
			JSON.stringify({ ...(await stored()), id: "joe@local" }),
			JSON.stringify({ ...(await stored()), passwordHash: "$argon2id$v=19$m=99999999,t=2,p=1$AAAA$BBBB" }),
			JSON.stringify({ ...(await stored()), passwordHash: "secret" }),
		];
		for (const text of damaged) {
			await write(shared.store, put(`access/user/${id}`, text));
			expect(await codeOf(readAccount(shared.store, id))).toBe("DOCUMENT_UNREADABLE");
		}
	});

	test("is judged again on the state that somebody else wrote meanwhile", async () => {
		await createUser(shared.store, jane, edit);
		const seen: number[] = [];
		const judge = ({ acl }: { readonly acl: readonly unknown[] }) => {
			seen.push(acl.length);
		};
		await Promise.all([
			updateUser(shared.store, id, { comment: "x" }, { ...edit, judge }),
			grant("joe@local"),
		]);
		expect(seen.at(-1)).toBe(seen.length === 1 ? 0 : 1);
		expect((await readUser(shared.store, id))?.comment).toBe("x");
		expect(await readAcl(shared.store)).toHaveLength(1);
	});
});

async function stored(): Promise<object> {
	await createUser(shared.store, jane, edit).catch(() => undefined);
	return (await readAccount(shared.store, id)) ?? {};
}

describe("the audit of users", () => {
	test("says who did what to whom, once a change", async () => {
		await createUser(shared.store, jane, edit);
		await updateUser(shared.store, id, { comment: "DBA" }, edit);
		await setPassword(shared.store, id, hash, edit);
		await grant(id);
		await deleteUser(shared.store, id, edit);
		expect(await audited(shared.store)).toEqual([
			"access.acl jane@local",
			"access.acl test",
			"access.user.create jane@local",
			"access.user.delete jane@local",
			"access.user.password jane@local",
			"access.user.update jane@local",
		]);
		const [first] = await readAudit(shared.store, realRuntime, 1);
		expect(first).toMatchObject({ by: "root@local", from: "192.0.2.7", at: edit.at });
	});

	test("holds nothing of a password: its digests are the same before and after", async () => {
		await createUser(shared.store, jane, edit);
		await setPassword(shared.store, id, hash.replace("B", "C"), { ...edit, at: edit.at + 1 });
		const [record] = await readAudit(shared.store, realRuntime, 1);
		expect(record?.what).toBe("access.user.password");
		expect(record?.after).toBe(record?.before);
	});
});

test("users of a store are listed by name, and nothing but users", async () => {
	for (const name of ["b@local", "a@local", "c@local"])
		await createUser(shared.store, { ...jane, id: name }, edit);
	await grant("a@local");
	await write(shared.store, { op: "put", key: "access/ticket-key", value: bytes("{}") });
	expect((await readUsers(shared.store)).map((user) => user.id)).toEqual(["a@local", "b@local", "c@local"]);
});

test("nobody's password is the empty text, and no password fits an account without one", async () => {
	expect(await isPassword("", null)).toBe(false);
	expect(await isPassword("", hash)).toBe(false);
});

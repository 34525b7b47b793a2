import { zstdCompressSync } from "node:zlib";
import { type Acl, type RoleName, roles } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../../pathkeeper/src/runtime/real-runtime.ts";
import { aclText, encodeAcl, readAcl } from "../../../src/documents/access/acl-document.ts";
import { editAcl } from "../../../src/documents/access/edit-acl.ts";
import { digestOf } from "../../../src/documents/config-documents.ts";
import { readAudit } from "../../../src/documents/read-audit.ts";
import { codeOf, put, write } from "../../contract/tools.ts";
import { storePerTest } from "../document-store.ts";
import { edit } from "./audited.ts";

const shared = storePerTest();
const entry = (role: RoleName, path: Acl[number]["path"] = "/"): Acl[number] => ({
	path,
	subject: "jane@local",
	role,
	propagate: true,
});
const packed = (entries: readonly object[]) => zstdCompressSync(JSON.stringify({ entries }));
const set = (acl: Acl) => editAcl(shared.store, "test", () => acl, edit);

describe("the list of entries", () => {
	test("is empty when nobody wrote it, and comes back as it was written, with every role there is", async () => {
		expect(await readAcl(shared.store)).toEqual([]);
		const all: Acl = [
			entry("Administrator"),
			entry("Operator", "/nodes/n1"),
			entry("Auditor", "/storage"),
			entry("NoAccess", "/storage/s1"),
		];
		expect(new Set(all.map(({ role }) => role))).toEqual(new Set(Object.keys(roles)));
		await set(all);
		expect(await readAcl(shared.store)).toEqual(all);
	});

	test("is audited with the digest of what it was and what it is", async () => {
		await set([entry("Auditor")]);
		const [record] = await readAudit(shared.store, realRuntime, 1);
		expect(record).toMatchObject({
			what: "access.acl",
			subject: "test",
			before: digestOf(""),
			after: digestOf("/ jane@local Auditor true\n"),
		});
	});

	test("is not written when nothing changes, not even the order", async () => {
		const two = [entry("Auditor"), entry("Operator")];
		await set(two);
		const { revision } = await shared.store.list("");
		await set(two.toReversed());
		expect((await shared.store.list("")).revision).toBe(revision);
		expect(aclText(two)).toBe(aclText(two.toReversed()));
	});

	test("loses no entry when two write at once", async () => {
		const add = (one: Acl[number]) => editAcl(shared.store, "test", (acl) => [...acl, one], edit);
		await Promise.all([add(entry("Auditor")), add(entry("Operator")), add(entry("NoAccess", "/nodes"))]);
		expect(await readAcl(shared.store)).toHaveLength(3);
	});

	test("is refused as a whole when one entry is not understood: it might have shut somebody out", async () => {
		const documents = [
			packed([entry("Auditor"), { ...entry("NoAccess"), role: "Nothing" }]),
			packed([{ ...entry("Auditor"), path: "/nodes/*" }]),
			new TextEncoder().encode('{"entries":[]}'),
		];
		for (const value of documents) {
			await write(shared.store, { op: "put", key: "access/acl", value });
			expect(await codeOf(readAcl(shared.store))).toBe("DOCUMENT_UNREADABLE");
		}
		await write(shared.store, put("access/acl", ""));
		expect(await codeOf(set([]))).toBe("DOCUMENT_UNREADABLE");
	});
});

describe("the number of entries", () => {
	const entriesOf = (subject: string, count: number, from = 0): Acl =>
		Array.from({ length: count }, (_, n) => ({
			path: `/storage/s${from + n}`,
			subject,
			role: "NoAccess",
			propagate: true,
		}));
	const tokens = (user: string, count: number, each: number) =>
		Array.from({ length: count }, (_, n) => entriesOf(`${user}!t${n}`, each)).flat();

	test.each([
		[
			"one token",
			entriesOf("jane@local!tool", 50),
			"jane@local!tool",
			"token 'jane@local!tool' would have 51 entries",
		],
		["the tokens of one user", tokens("jane@local", 10, 50), "jane@local!more", "the tokens of 'jane@local'"],
		[
			"all tokens",
			Array.from({ length: 8 }, (_, n) => tokens(`user${n}@local`, 10, 50)).flat(),
			"jane@local!tool",
			"all tokens together would have 4001",
		],
		["all", entriesOf("jane@local", 5000), "joe@local", "the list would have 5001 entries, at most 5000"],
	])(
		"of %s has a bound: the list stays readable and can be made shorter",
		async (_, most, subject, problem) => {
			await set(most);
			const more = entriesOf(subject, 1, 9000);
			const refused = editAcl(shared.store, "test", (acl) => [...acl, ...more], edit);
			await expect(refused).rejects.toMatchObject({
				code: "PARAMETER_INVALID",
				fields: { path: expect.stringMatching(/remove entries that are not needed/) },
			});
			await expect(refused).rejects.toMatchObject({ fields: { path: expect.stringContaining(problem) } });
			expect(await readAcl(shared.store)).toHaveLength(most.length);
			await set(most.slice(1));
			expect(await readAcl(shared.store)).toHaveLength(most.length - 1);
		},
	);

	test("may go down step by step where there are too many already", async () => {
		const tooMany = entriesOf("jane@local!tool", 60);
		await write(shared.store, { op: "put", key: "access/acl", value: encodeAcl(tooMany) });
		await set(tooMany.slice(1));
		expect(await readAcl(shared.store)).toHaveLength(59);
	});

	test("leaves room for users where tokens have all that they may", async () => {
		await set(Array.from({ length: 8 }, (_, n) => tokens(`user${n}@local`, 10, 50)).flat());
		await editAcl(shared.store, "test", (acl) => [...acl, ...entriesOf("jane@local", 1000)], edit);
		expect(await readAcl(shared.store)).toHaveLength(5000);
	});

	test("of a document is refused by who writes it as by who reads it", () => {
		const wide = entriesOf("jane@local", 120_000);
		expect(() => encodeAcl(wide)).toThrow("does not fit in the store");
		expect(() => encodeAcl([{ ...entry("Auditor"), path: "/nodes/*" }])).toThrow(
			"'/nodes/*' is not the path",
		);
	});
});

import { type Acl, type RoleName, roles } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
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
		const [record] = await readAudit(shared.store, 1);
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
			encodeAcl([entry("Auditor"), { ...entry("NoAccess"), ...JSON.parse('{"role":"Nothing"}') }]),
			encodeAcl([{ ...entry("Auditor"), path: "/nodes/*" }]),
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

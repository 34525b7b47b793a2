import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { trimAudit } from "../../src/documents/audit.ts";
import {
	configPrefix,
	configsFrom,
	digestOf,
	editConfig,
	keptConfigVersions,
	readConfig,
	readConfigVersions,
	writeConfig,
} from "../../src/documents/config-documents.ts";
import { readAudit } from "../../src/documents/read-audit.ts";
import { bytes, codeOf, write } from "../contract/tools.ts";
import { storePerTest } from "./document-store.ts";

const shared = storePerTest();
const author = { by: "root@local", from: "192.0.2.7", at: 1_700_000_000_000 };
const name = "multipath.cfg";
const lun = "wwid: 360014050000000100005ca14ab18000\n\talias db-log\n";

describe("a config document", () => {
	test("that nobody wrote is empty, has an empty digest and no author", async () => {
		const missing = { name, text: "", digest: "", version: 0, author: null };
		expect(await readConfig(shared.store, name)).toEqual(missing);
	});

	test("comes back as it was written, with SHA-1 of its raw text", async () => {
		const text = `${lun}\tcomment Größe "10"\n\n`;
		const written = await writeConfig(shared.store, name, text, author);
		expect(written).toEqual({ name, text, digest: digestOf(text), version: 1, author });
		expect(await readConfig(shared.store, name)).toEqual(written);
		// Known answers: printf '%s' … | sha1sum
		expect(digestOf("")).toBe("da39a3ee5e6b4b0d3255bfef95601890afd80709");
		expect(digestOf("abc")).toBe("a9993e364706816aba3e25717850c26c9cd0d89d");
	});

	test("is not changed by a write that is based on another digest", async () => {
		const { digest } = await writeConfig(shared.store, name, lun, author);
		const second = await writeConfig(shared.store, name, `${lun}\n`, { ...author, digest });
		const revision = (await shared.store.list("")).revision;
		for (const wrong of [digest, "", "0".repeat(40)])
			expect(await codeOf(writeConfig(shared.store, name, "mine", { ...author, digest: wrong }))).toBe(
				"DIGEST_CONFLICT",
			);
		expect(await readConfig(shared.store, name)).toEqual(second);
		expect((await shared.store.list("")).revision).toBe(revision);
	});

	test("may be made with the empty digest of a missing one, and only then", async () => {
		await writeConfig(shared.store, name, lun, { ...author, digest: "" });
		const again = writeConfig(shared.store, name, "other", { ...author, digest: "" });
		expect(await codeOf(again)).toBe("DIGEST_CONFLICT");
	});

	test("that is emptied is not the same as missing; one that is taken away is", async () => {
		const emptied = await writeConfig(shared.store, name, "", author);
		expect(emptied).toMatchObject({ digest: digestOf(""), version: 1 });
		await writeConfig(shared.store, name, null, author);
		expect(await readConfig(shared.store, name)).toMatchObject({ text: "", digest: "", version: 2, author });
		await writeConfig(shared.store, name, lun, { ...author, digest: "" });
		expect(await readConfig(shared.store, name)).toMatchObject({ text: lun, version: 3 });
	});

	test("goes to exactly one of two writers with the same digest", async () => {
		const { digest } = await writeConfig(shared.store, name, lun, author);
		const outcomes = await Promise.allSettled(
			["one", "two", "three"].map((text) => writeConfig(shared.store, name, text, { ...author, digest })),
		);
		const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
		expect(won).toHaveLength(1);
		expect(await readConfig(shared.store, name)).toEqual(won[0]?.value);
		for (const outcome of outcomes)
			if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "DIGEST_CONFLICT" });
	});

	test("takes every edit of many writers without a digest", async () => {
		await Promise.all(
			Array.from({ length: 8 }, (_, n) =>
				editConfig(shared.store, name, (text) => `${text}line ${n}\n`, author),
			),
		);
		const { text, version } = await readConfig(shared.store, name);
		expect(text.split("\n").sort()).toEqual(["", ...Array.from({ length: 8 }, (_, n) => `line ${n}`)]);
		expect(version).toBe(8);
	});

	test("stays as it is when the edit throws", async () => {
		const written = await writeConfig(shared.store, name, lun, author);
		const broken = editConfig(
			shared.store,
			name,
			() => {
				throw new Error("alias is taken");
			},
			author,
		);
		await expect(broken).rejects.toThrow("alias is taken");
		expect(await readConfig(shared.store, name)).toEqual(written);
	});

	test("is not written, kept or audited again when nothing in it changes", async () => {
		const written = await writeConfig(shared.store, name, lun, author);
		const { revision } = await shared.store.list("");
		const again = await writeConfig(shared.store, name, lun, { ...author, by: "other@local" });
		expect(again).toEqual(written);
		await editConfig(shared.store, name, (text) => text, author);
		await editConfig(shared.store, "storage.cfg", (text) => text, author);
		expect((await shared.store.list("")).revision).toBe(revision);
	});

	test("keeps its last versions with who wrote them, so that a change can be undone", async () => {
		await writeConfig(shared.store, name, lun, author);
		await writeConfig(shared.store, name, "broken", { by: "eve@local", from: null, at: author.at + 1 });
		const [broken, good] = await readConfigVersions(shared.store, name);
		expect(broken).toEqual({
			version: 2,
			by: "eve@local",
			from: null,
			at: author.at + 1,
			text: "broken",
			digest: digestOf("broken"),
		});
		expect(good).toMatchObject({ version: 1, text: lun, digest: digestOf(lun), ...author });
		await writeConfig(shared.store, name, good?.text ?? null, { ...author, digest: broken?.digest ?? "" });
		expect(await readConfig(shared.store, name)).toMatchObject({ text: lun, version: 3 });
	});

	test("keeps a bounded number of versions", async () => {
		for (let n = 1; n <= keptConfigVersions + 5; n++)
			await writeConfig(shared.store, name, `version ${n}`, author);
		const versions = await readConfigVersions(shared.store, name);
		expect(versions).toHaveLength(keptConfigVersions);
		expect(versions[0]?.version).toBe(keptConfigVersions + 5);
		expect(versions.at(-1)?.version).toBe(6);
	});

	test("of the full size is kept with its version in one transaction", async () => {
		const luns = Array.from(
			{ length: 12_000 },
			(_, n) => `wwid: 36001405${n}\n\talias lun-${n}\n\tcomment ${n * 7919}\n\n`,
		);
		const text = luns.join("");
		expect(text.length).toBeGreaterThan(500_000);
		await writeConfig(shared.store, name, text, author);
		expect((await readConfig(shared.store, name)).text).toBe(text);
		const large = writeConfig(shared.store, name, "x".repeat(1024 * 1024 + 1), author);
		expect(await codeOf(large)).toBe("STORE_LIMIT");
		expect(await codeOf(writeConfig(shared.store, name, "\ud800", author))).toBe("STORE_LIMIT");
	});

	test("that is damaged is an error and never an empty document", async () => {
		for (const value of [bytes("hello"), bytes("{}"), new Uint8Array(0), bytes('{"version":1,"text":"x"}')]) {
			await shared.store.txn({ writes: [{ op: "put", key: `config/${name}`, value }] });
			expect(await codeOf(readConfig(shared.store, name))).toBe("DOCUMENT_UNREADABLE");
			expect(await codeOf(writeConfig(shared.store, name, lun, author))).toBe("DOCUMENT_UNREADABLE");
		}
	});
});

test("all config documents can be read at one moment", async () => {
	await writeConfig(shared.store, name, lun, author);
	await writeConfig(shared.store, "multipath-overrides.conf", "overrides {\n}\n", author);
	const all = configsFrom((await shared.store.list(configPrefix)).entries);
	expect([...all].map(([key, { text }]) => [key, text])).toEqual([
		[name, lun],
		["multipath-overrides.conf", "overrides {\n}\n"],
		["storage.cfg", ""],
	]);
});

describe("the audit log", () => {
	test("has who changed which document from where, with the digests before and after", async () => {
		await writeConfig(shared.store, name, lun, author);
		await writeConfig(shared.store, name, "other", { by: "eve@local", from: null, at: author.at + 5 });
		const common = { what: "config.write", subject: name };
		expect(await readAudit(shared.store, realRuntime, 10)).toEqual([
			{
				...common,
				id: `00${author.at + 5}-${name}-2`,
				by: "eve@local",
				from: null,
				at: author.at + 5,
				before: digestOf(lun),
				after: digestOf("other"),
			},
			{ ...common, ...author, id: `00${author.at}-${name}-1`, before: "", after: digestOf(lun) },
		]);
		expect(await readAudit(shared.store, realRuntime, 1)).toHaveLength(1);
	});

	test("has a record for each of several changes of one millisecond", async () => {
		for (const text of ["a", "b", "c"]) await writeConfig(shared.store, name, text, author);
		await writeConfig(shared.store, "storage.cfg", "a", author);
		expect(await readAudit(shared.store, realRuntime, 10)).toHaveLength(4);
	});

	test("shows a record that cannot be read, too", async () => {
		await writeConfig(shared.store, name, lun, author);
		await write(shared.store, { op: "put", key: "audit/001700000000001-x", value: bytes("?") });
		expect(await readAudit(shared.store, realRuntime, 10)).toMatchObject([
			{ what: "unreadable", at: 1_700_000_000_001, subject: "audit/001700000000001-x" },
			{ what: "config.write" },
		]);
	});

	test("is trimmed by age, however much there is", async () => {
		for (let n = 0; n < 300; n++)
			await writeConfig(shared.store, name, `${n}`, { ...author, at: author.at + n });
		expect(await trimAudit(shared.store, author.at)).toBe(0);
		expect(await trimAudit(shared.store, author.at + 290)).toBe(290);
		const records = await readAudit(shared.store, realRuntime, 100);
		expect(records.map(({ at }) => at - author.at)).toEqual([
			299, 298, 297, 296, 295, 294, 293, 292, 291, 290,
		]);
		expect(await trimAudit(shared.store, author.at + 290)).toBe(0);
		expect(await trimAudit(shared.store, -1)).toBe(0);
	});
});

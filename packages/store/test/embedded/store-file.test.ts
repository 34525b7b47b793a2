import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { openEmbeddedStore } from "../../src/embedded/embedded-store.ts";
import { openStoreFile } from "../../src/embedded/store-file.ts";
import { codeOf, contents, put, write } from "../contract/tools.ts";
import { temporaryFolder } from "./bench.ts";

let folder = temporaryFolder();
let path = "";
beforeEach(() => {
	folder = temporaryFolder();
	path = join(folder.path, "own", "store.db");
});
afterEach(() => folder.remove());

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

/** Every file beside the store that holds anything, with its digest; `-shm` is memory and holds nothing. */
function filesBeside(): Readonly<Record<string, string>> {
	const files: Record<string, string> = {};
	for (const name of readdirSync(dirname(path)).sort()) {
		const bytes = readFileSync(join(dirname(path), name));
		if (bytes.length > 0 && !name.endsWith("-shm"))
			files[name] = createHash("sha256").update(bytes).digest("hex");
	}
	return files;
}

async function makeStore(keys = 1): Promise<void> {
	const store = await openEmbeddedStore({ runtime: realRuntime, path });
	for (let n = 0; n < keys; n++) await write(store, put(`key/${n}`, "x".repeat(500)));
	await store.close();
}

/** Tries to open the file as it is; gives the error's code and text, having checked that no byte was changed. */
async function refusal(): Promise<{ readonly code: string; readonly message: string }> {
	const before = filesBeside();
	const opening = openEmbeddedStore({ runtime: realRuntime, path });
	const code = await codeOf(opening);
	const { message } = await opening.then(
		() => new Error("opened"),
		(error: Error) => error,
	);
	expect(filesBeside()).toEqual(before);
	return { code, message };
}

describe("the file of an embedded store", () => {
	test("is for its owner alone, and so is the folder made for it", async () => {
		const store = await openEmbeddedStore({ runtime: realRuntime, path });
		await write(store, put("a", "1"));
		expect(modeOf(dirname(path))).toBe("700");
		expect(readdirSync(dirname(path)).sort()).toEqual(["store.db", "store.db-wal"]);
		expect(modeOf(path)).toBe("600");
		expect(modeOf(`${path}-wal`)).toBe("600");
		await store.close();
		expect(readdirSync(dirname(path))).toEqual(["store.db"]);
	});

	test("is synced with every commit, and held by one connection", async () => {
		await makeStore();
		const db = openStoreFile(path, realRuntime);
		// 2: FULL, https://sqlite.org/pragma.html#pragma_synchronous
		expect(db.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
		expect(db.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
		expect(db.prepare("PRAGMA locking_mode").get()).toEqual({ locking_mode: "exclusive" });
		db.close();
	});

	test("is closed to others when it was left open to them", async () => {
		await makeStore();
		chmodSync(path, 0o644);
		await (await openEmbeddedStore({ runtime: realRuntime, path })).close();
		expect(modeOf(path)).toBe("600");
	});

	test("is not kept in a folder that others may write to", async () => {
		mkdirSync(dirname(path));
		chmodSync(dirname(path), 0o777);
		const { code, message } = await refusal();
		expect(code).toBe("FILE_UNSAFE");
		expect(message).toContain(`chmod go-w`);
	});

	test("is refused to a second opening in this process and in another one, in words", async () => {
		const store = await openEmbeddedStore({ runtime: realRuntime, path });
		await write(store, put("a", "1"));
		// Looking at it from this process must not drop the lock either.
		for (let n = 0; n < 3; n++)
			expect(await codeOf(openEmbeddedStore({ runtime: realRuntime, path }))).toBe("STORE_IN_USE");
		const source = fileURLToPath(new URL("../../src/embedded/embedded-store.ts", import.meta.url));
		const runtime = fileURLToPath(
			new URL("../../../pathkeeper/src/runtime/real-runtime.ts", import.meta.url),
		);
		const script = `import { openEmbeddedStore } from ${JSON.stringify(source)};
			import { realRuntime } from ${JSON.stringify(runtime)};
			await openEmbeddedStore({ runtime: realRuntime, path: ${JSON.stringify(path)} }).catch((error) => console.log(error.message));`;
		const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
		expect(said).toContain(`${path} is open in another process`);
		await write(store, put("a", "2"));
		expect(await contents(store)).toEqual({ a: "2" });
		await store.close();
		await (await openEmbeddedStore({ runtime: realRuntime, path })).close();
	});
});

describe("a file that is no store any more is refused and left as it is", () => {
	test("empty", async () => {
		await makeStore();
		truncateSync(path);
		expect(await refusal()).toMatchObject({
			code: "STORE_DAMAGED",
			message: `${path} cannot be used: it is empty; nothing in it was changed`,
		});
	});

	test("some text", async () => {
		mkdirSync(dirname(path), { mode: 0o700 });
		writeFileSync(path, "not a store\n".repeat(100));
		expect((await refusal()).message).toContain("file is not a database");
	});

	test("the database of another program", async () => {
		mkdirSync(dirname(path), { mode: 0o700 });
		const db = new DatabaseSync(path);
		db.exec("CREATE TABLE kv (key TEXT)");
		db.close();
		expect((await refusal()).message).toContain("not a store of Pathkeeper");
	});

	test("cut off", async () => {
		await makeStore(200);
		truncateSync(path, Math.floor(statSync(path).size / 2));
		expect((await refusal()).code).toBe("STORE_DAMAGED");
	});

	test("overwritten in any of its pages", async () => {
		await makeStore(60);
		const whole = readFileSync(path);
		const pageBytes = whole.readUInt16BE(16);
		expect(whole.length / pageBytes).toBeGreaterThan(15);
		for (let at = 0; at < whole.length; at += pageBytes) {
			const overwritten = Buffer.from(whole).fill(0xa5, at, at + pageBytes);
			writeFileSync(path, overwritten);
			expect((await refusal()).code).toBe("STORE_DAMAGED");
		}
	});

	test("damaged, with transactions of a crash still beside it", async () => {
		const store = await openEmbeddedStore({ runtime: realRuntime, path });
		for (let n = 0; n < 200; n++) await write(store, put(`key/${n}`, "x".repeat(500)));
		const [db, wal] = [readFileSync(path), readFileSync(`${path}-wal`)];
		await store.close();
		writeFileSync(path, db.fill(0, 100));
		// A -wal file whose newest pages do not cover the damage.
		writeFileSync(`${path}-wal`, wal.subarray(0, 32));
		expect((await refusal()).code).toBe("STORE_DAMAGED");
	});

	test("without its tables", async () => {
		await makeStore();
		const db = new DatabaseSync(path);
		db.exec("DROP TABLE log");
		db.close();
		expect(await codeOf(openEmbeddedStore({ runtime: realRuntime, path }))).toBe("STORE_DAMAGED");
	});

	test("of a newer layout", async () => {
		await makeStore();
		const db = new DatabaseSync(path);
		db.exec("PRAGMA user_version = 7");
		db.close();
		const { code, message } = await refusal();
		expect(code).toBe("STORE_TOO_NEW");
		expect(message).toContain("layout 7, this one knows 1");
	});

	test("gone, while what a crash left of it is still there", async () => {
		const store = await openEmbeddedStore({ runtime: realRuntime, path });
		await write(store, put("a", "1"));
		copyFileSync(`${path}-wal`, `${path}-kept`);
		await store.close();
		renameSync(`${path}-kept`, `${path}-wal`);
		rmSync(path);
		expect((await refusal()).message).toContain("it is gone, but its -wal file is there");
		expect(existsSync(path)).toBe(false);
	});
});

import {
	chmodSync,
	closeSync,
	existsSync,
	fsyncSync,
	linkSync,
	mkdirSync,
	openSync,
	rmSync,
	statSync,
} from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf, PathkeeperError, type Randomness } from "@pathkeeper/model";
import { applicationId, layoutSql, layoutVersion } from "./schema.ts";

/*
 * The file of an embedded store. An empty store looks to agents like a wish to take everything away, so nothing but
 * a missing file ever becomes one: the file appears under its name when it is whole, and whatever else stands there
 * (empty, cut, foreign, newer) is refused before SQLite may write to it.
 */

/** SQLite's result code, https://sqlite.org/rescode.html */
const sqliteBusy = 5;

/**
 * Opens the file for this process alone, and makes it when it is missing. Throws STORE_IN_USE, STORE_DAMAGED,
 * STORE_TOO_NEW, or FILE_UNSAFE for a folder that others may write to; in each case nothing was changed.
 */
export function openStoreFile(path: string, random: Pick<Randomness, "uuid">): DatabaseSync {
	prepareFolder(path);
	if (!existsSync(path)) create(path, random);
	check(path);
	return openAlone(path);
}

function prepareFolder(path: string): void {
	const folder = dirname(path);
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		if ((statSync(folder).mode & 0o022) === 0) return;
	} catch (error) {
		throw unsafe(path, messageOf(error), error);
	}
	throw unsafe(path, `others may write to its folder ${folder}; chmod go-w it`);
}

function create(path: string, random: Pick<Randomness, "uuid">): void {
	// An empty one is what a look at the file leaves behind.
	if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
		throw damaged(path, "it is gone, but its -wal file is there");
	const draft = `${path}.new-${random.uuid()}`;
	try {
		closeSync(openSync(draft, "wx", 0o600));
		const db = new DatabaseSync(draft);
		db.exec("PRAGMA journal_mode = WAL");
		db.exec(`BEGIN; ${layoutSql} COMMIT`);
		db.close();
		sync(draft);
		// Unlike rename, link never replaces a file that another process made meanwhile.
		linkSync(draft, path);
		sync(dirname(path));
	} catch (error) {
		if (!existsSync(path)) throw unsafe(path, messageOf(error), error);
	} finally {
		for (const rest of ["", "-wal", "-shm"]) rmSync(`${draft}${rest}`, { force: true });
	}
}

/**
 * Looks through a read-only connection: a read-write one would take an empty file for a new database, and fold the
 * -wal file into a damaged one when it closes. Never through a file handle of our own: closing that would drop the
 * locks that this process holds on the file (POSIX), and let a second process in.
 */
function check(path: string): void {
	let db: DatabaseSync | null = null;
	try {
		if (statSync(path).size === 0) throw damaged(path, "it is empty");
		db = new DatabaseSync(path, { readOnly: true });
		if (pragma(db, "application_id") !== applicationId)
			throw damaged(path, "it is not a store of Pathkeeper");
		const found = Number(pragma(db, "user_version"));
		if (found > layoutVersion)
			throw new PathkeeperError("STORE_TOO_NEW", { path, found, known: layoutVersion });
		const verdict = String(pragma(db, "quick_check"));
		if (verdict !== "ok") throw damaged(path, verdict.split("\n", 1).join(""));
	} catch (error) {
		throw errorOfOpening(path, error);
	} finally {
		db?.close();
	}
}

/** First value that a pragma gives. */
function pragma(db: DatabaseSync, name: string): unknown {
	return db.prepare(`PRAGMA ${name}`).get()?.[name];
}

function openAlone(path: string): DatabaseSync {
	let db: DatabaseSync | null = null;
	try {
		chmodSync(path, 0o600);
		db = new DatabaseSync(path);
		// Held from the first transaction until the process ends, however it ends.
		db.exec("PRAGMA locking_mode = EXCLUSIVE");
		db.exec("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216");
		db.exec("BEGIN IMMEDIATE; COMMIT");
		// Left by the read-only check; one process alone needs no shared memory.
		rmSync(`${path}-shm`, { force: true });
		return db;
	} catch (error) {
		db?.close();
		throw errorOfOpening(path, error);
	}
}

function errorOfOpening(path: string, error: unknown): PathkeeperError {
	if (error instanceof PathkeeperError) return error;
	if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy)
		return new PathkeeperError("STORE_IN_USE", { path }, { cause: error });
	return damaged(path, messageOf(error), error);
}

function damaged(path: string, problem: string, cause?: unknown): PathkeeperError {
	return new PathkeeperError("STORE_DAMAGED", { path, problem }, { cause });
}

function unsafe(path: string, problem: string, cause: unknown = null): PathkeeperError {
	return new PathkeeperError("FILE_UNSAFE", { path, problem }, { cause });
}

function sync(path: string): void {
	const file = openSync(path, "r");
	try {
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
}

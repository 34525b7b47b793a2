/** `application_id` in the file's header: "PkSt". Tells our files from other SQLite databases. */
export const applicationId = 0x506b5374;

/** `user_version` in the file's header. A file with a higher one is refused, never read in part. */
export const layoutVersion = 1;

/**
 * `kv` is what holds now; `log` is what happened, for watches, and is cut at its old end; `state` has one row. A
 * lease needs no table: leases end with the process, and `kv.lease` says what ends with them.
 */
export const layoutSql = `
	CREATE TABLE kv (
		key TEXT PRIMARY KEY,
		value BLOB NOT NULL,
		revision INTEGER NOT NULL,
		lease TEXT
	) STRICT;
	CREATE INDEX kv_by_lease ON kv (lease) WHERE lease IS NOT NULL;
	CREATE TABLE log (
		revision INTEGER NOT NULL,
		position INTEGER NOT NULL,
		at INTEGER NOT NULL,
		key TEXT NOT NULL,
		put INTEGER NOT NULL,
		value BLOB NOT NULL,
		PRIMARY KEY (revision, position)
	) STRICT;
	CREATE TABLE state (
		only INTEGER PRIMARY KEY CHECK (only = 1),
		revision INTEGER NOT NULL,
		compacted INTEGER NOT NULL
	) STRICT;
	INSERT INTO state VALUES (1, 0, 0);
	PRAGMA application_id = ${applicationId};
	PRAGMA user_version = ${layoutVersion};
`;

/** One file of the archive, or one that is not in it. */
export interface Entry {
	readonly name: string;
	readonly from: string;
	/** Null: it is left out, and the note says why. */
	readonly bytes: number | null;
	/** Places that were taken out. */
	readonly removed: number;
	readonly note: string | null;
}

const never = [
	"keys and certificates (/etc/pathkeeper/pki, the folder tls of the state)",
	"the store (store.db, or what is in etcd): users, tokens, tickets, audit",
	"the first administrator's password",
	"/etc/multipath/prkeys, and anything that is on a LUN",
];

/** What is in the archive, what is not, and why. */
export function manifest(
	entries: readonly Entry[],
	{ now, version }: { readonly now: number; readonly version: string },
): string {
	const inside = entries.filter(({ bytes }) => bytes !== null);
	const outside = entries.filter(({ bytes }) => bytes === null);
	const removed = entries.reduce((sum, entry) => sum + entry.removed, 0);
	return [
		`Support archive of Pathkeeper ${version}, made ${new Date(now).toISOString()}`,
		"",
		`Secrets are replaced by [removed], in ${removed} places: by name (password, token, reservation_key, …), by shape (keys, tickets,`,
		"tokens) and by value. Host names, addresses, WWIDs and names of LUNs, nodes and guests are in it.",
		"Check it before you pass it on.",
		"",
		"Read it with: pathkeeper verdict multipathd/maps.json",
		"              pathkeeper conf check etc/multipath.conf",
		"",
		"In this archive (bytes, places removed, name, source):",
		...inside.map(
			({ name, bytes, removed: places, from, note }) =>
				`  ${String(bytes).padStart(9)} ${String(places).padStart(4)}  ${name}  (${from})${note === null ? "" : `; ${note}`}`,
		),
		"",
		"Left out, and why:",
		...outside.map(({ name, from, note }) => `  ${name}  (${from}): ${note ?? "no reason is known"}`),
		"",
		"Never in it:",
		...never.map((line) => `  ${line}`),
		"",
	]
		.map((line) => `${line.replaceAll("\n", " ")}\n`)
		.join("");
}

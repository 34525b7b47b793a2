import { builtInTypes, propertyOf, type Storage } from "@pathkeeper/model";

/** A storage as `/storage` shows it: flags and numbers as numbers, lists comma-joined. */
export function storageEntry(storage: Storage, digest: string) {
	const type = builtInTypes.find((known) => known.type === storage.type);
	const values = Object.entries(storage.values).map(([name, text]) => {
		const kind = type === undefined ? null : propertyOf(type, name)?.kind;
		return [name, kind === "flag" || kind === "integer" ? Number(text) : text];
	});
	return {
		...Object.fromEntries(values),
		...(storage.shared ? { shared: 1 } : {}),
		storage: storage.id,
		type: storage.type,
		content: storage.content.join(","),
		digest,
	};
}

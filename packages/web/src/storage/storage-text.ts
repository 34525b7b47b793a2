/** Storages as sections of `storage.cfg`, for looking at a change before it is made. */
import type { StorageAnswer } from "./answers.ts";

/** What the answer tells beside the properties of the section. */
const tells = new Set(["storage", "type", "digest", "problems", "left_out"]);

/** The properties of a storage, as texts. */
export function valuesOf(storage: StorageAnswer): ReadonlyMap<string, string> {
	return new Map(
		Object.entries(storage).flatMap(([key, value]): [string, string][] =>
			!tells.has(key) && (typeof value === "string" || typeof value === "number")
				? [[key, String(value)]]
				: [],
		),
	);
}

/** All of them as the document would have them, without comments and what nobody understands. */
export function storagesText(storages: readonly StorageAnswer[]): string {
	return storages
		.map((storage) => {
			const lines = [...valuesOf(storage)].map(([key, value]) => `\t${key} ${value}\n`);
			return `${storage.type}: ${storage.storage}\n${lines.join("")}`;
		})
		.join("\n");
}

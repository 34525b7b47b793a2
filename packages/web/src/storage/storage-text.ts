/** Storages as sections of `storage.cfg`, to review a change before it is carried out. */
import type { StorageAnswer } from "./answers.ts";

/** Fields of the answer that are not properties of the section. */
const others = new Set(["storage", "type", "digest", "problems", "left_out"]);

/** The properties of a storage, as texts. */
export function valuesOf(storage: StorageAnswer): ReadonlyMap<string, string> {
	return new Map(
		Object.entries(storage).flatMap(([key, value]): [string, string][] =>
			!others.has(key) && (typeof value === "string" || typeof value === "number")
				? [[key, String(value)]]
				: [],
		),
	);
}

/** All of them as in the document, without comments and what is not understood. */
export function storagesText(storages: readonly StorageAnswer[]): string {
	return storages
		.map((storage) => {
			const lines = [...valuesOf(storage)].map(([key, value]) => `\t${key} ${value}\n`);
			return `${storage.type}: ${storage.storage}\n${lines.join("")}`;
		})
		.join("\n");
}

import { type FleetMemory, memoryDocument, recalledMemory } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Store, Write } from "../../store.ts";
import { jsonDocument } from "../json-document.ts";
import { historyLayout } from "./history-layout.ts";

const text = Type.String();
const nullableText = Type.Union([text, Type.Null()]);
const state = Type.Union([
	Type.Literal("optimal"),
	Type.Literal("degraded"),
	Type.Literal("failed"),
	Type.Literal("missing"),
	Type.Literal("unknown"),
	Type.Literal("unmanaged"),
	Type.Null(),
]);
const places = Type.Array(Type.Integer());

const document = jsonDocument(
	Type.Object({
		/** Versions of the configuration's documents that the log has told; and `audit`, the revision up to which it is. */
		versions: Type.Record(text, Type.Integer()),
		fleet: Type.Object({
			luns: Type.Array(text),
			overall: Type.Array(state),
			ways: Type.Array(Type.Array(Type.Object({ id: text, port: nullableText }))),
			series: Type.Array(
				Type.Object({
					id: nullableText,
					port: nullableText,
					since: Type.Number(),
					last: Type.Number(),
					count: Type.Number(),
					paths: Type.Number(),
					nodes: Type.Array(text),
					luns: places,
				}),
			),
			flaps: Type.Array(
				Type.Object({
					failures: Type.Array(Type.Number()),
					count: Type.Number(),
					last: Type.Number(),
					series: Type.Integer(),
				}),
			),
			nodes: Type.Array(
				Type.Object({
					node: text,
					online: Type.Boolean(),
					multipathd: nullableText,
					applyError: nullableText,
					findings: Type.Array(Type.Object({ code: text, subject: nullableText, text })),
					kinds: Type.Array(
						Type.Object({
							state,
							ways: Type.Integer(),
							states: text,
							flaps: Type.Union([places, Type.Null()]),
						}),
					),
					of: places,
				}),
			),
		}),
	}),
	{ maxBytes: 256 * 1024 * 1024, maxValues: 4_000_000 },
);

/** What whoever writes the log has to know of what was told before. */
export interface LogMemory {
	readonly fleet: FleetMemory;
	/**
	 * By name of a document of the configuration: the last version that was told. `audit`: the revision of the store up
	 * to which changes of access are.
	 */
	readonly versions: ReadonlyMap<string, number>;
}

/** Null when the log was never written. Throws DOCUMENT_UNREADABLE. */
export async function readLogMemory(store: Store): Promise<LogMemory | null> {
	const entry = await store.get(historyLayout.memory);
	if (entry === null) return null;
	const { versions, fleet } = document.decode(entry.key, entry.value);
	return { fleet: recalledMemory(fleet), versions: new Map(Object.entries(versions)) };
}

export function logMemoryWrite({ fleet, versions }: LogMemory): Write & { readonly op: "put" } {
	const value = document.encode({ versions: Object.fromEntries(versions), fleet: memoryDocument(fleet) });
	return { op: "put", key: historyLayout.memory, value };
}

const watched = jsonDocument(Type.Object({ at: Type.Number() }));

/** Until when somebody watched the fleet for the log, milliseconds since the epoch; null: not known. */
export async function readWatched(store: Store): Promise<number | null> {
	const entry = await store.get(historyLayout.watched);
	if (entry === null) return null;
	try {
		return watched.decode(entry.key, entry.value).at;
	} catch {
		return null; // It only says how long a gap was.
	}
}

export function watchedWrite(at: number): Write {
	return { op: "put", key: historyLayout.watched, value: watched.encode({ at }) };
}

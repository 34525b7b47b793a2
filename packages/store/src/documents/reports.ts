import { isDeepStrictEqual } from "node:util";
import { zstdCompressSync } from "node:zlib";
import { messageOf, PathkeeperError, type Randomness, type Report } from "@pathkeeper/model";
import { Type } from "typebox";
import { storeLimits } from "../limits.ts";
import type { Entry, Store } from "../store.ts";
import { toColumn } from "./columns.ts";
import {
	decodeReport,
	deviceLists,
	type NodeReport,
	type PackedReport,
	reportLimits,
} from "./decode-report.ts";
import { deleteAll } from "./delete-all.ts";
import { jsonDocument, unreadable } from "./json-document.ts";
import { below, isNodeName, layout } from "./layout.ts";
import type { Membership } from "./nodes.ts";

/*
 * A report is one zstd value below `report/`. One that is larger than a value may be stands in parts: they are
 * written first, below a generation of their own, and then the key below `report/` is made to name them. Written
 * together they would exceed what etcd takes in one request; so a reader, whose listing is of one moment, sees the
 * former report or the new one, and never half of each.
 *
 * A report is durable: it outlives the agent that wrote it, and is then what was last known of the node. Only the run
 * of the agent that is a member may write it.
 */

const zstdMagic = [0x28, 0xb5, 0x2f, 0xfd];
const mostParts = 128;

const head = jsonDocument(
	Type.Object({
		generation: Type.String({ pattern: "^[0-9a-z-]{1,64}$" }),
		parts: Type.Integer({ minimum: 1, maximum: mostParts }),
	}),
);

/** True when two reports say the same; when the agent looked is not part of it. */
export function sameReport(a: Report, b: Report): boolean {
	return isDeepStrictEqual({ ...a, at: 0 }, { ...b, at: 0 });
}

/** Writes the reports of one node. There is one writer a node: the run of the agent that is its member. */
export class ReportWriter {
	readonly #store: Store;
	readonly #node: string;
	readonly #random: Pick<Randomness, "uuid">;
	readonly #partBytes: number;
	#outdated: readonly string[] | null = null;

	constructor(
		store: Store,
		node: string,
		random: Pick<Randomness, "uuid">,
		partBytes: number = storeLimits.valueBytes,
	) {
		this.#store = store;
		this.#node = node;
		this.#random = random;
		this.#partBytes = partBytes;
	}

	/** Throws STORE_LEASE_LOST when the membership is over; the former report stays as it is. */
	async write(report: Report, membership: Membership): Promise<void> {
		const lists = deviceLists.flatMap((name) => {
			const list = report[name];
			return list === undefined ? [] : [[name, toColumn(list)] as const];
		});
		const text = JSON.stringify({ ...report, ...Object.fromEntries(lists) });
		const packed = zstdCompressSync(new TextEncoder().encode(text));
		// What an earlier writer of this node left; a write that failed may leave parts behind, too.
		this.#outdated ??= await this.#partsInStore();
		const outdated = this.#outdated;
		this.#outdated = null;
		const parts = packed.length > this.#partBytes ? await this.#writeParts(packed, membership) : null;
		const value = parts ? head.encode({ generation: parts.generation, parts: parts.keys.length }) : packed;
		await this.#put(layout.report(this.#node), value, membership);
		await deleteAll(this.#store, outdated);
		this.#outdated = parts?.keys ?? [];
	}

	/** Writes while the membership stands: an agent that was cut off must not speak over the one that came after it. */
	async #put(key: string, value: Uint8Array, { lease, revision }: Membership): Promise<void> {
		const { succeeded } = await this.#store.txn({
			compare: [{ key: layout.member(this.#node), revision }],
			writes: [{ op: "put", key, value }],
		});
		if (!succeeded) throw new PathkeeperError("STORE_LEASE_LOST", { lease: lease.id });
	}

	async #writeParts(
		packed: Uint8Array,
		membership: Membership,
	): Promise<{ generation: string; keys: string[] }> {
		const generation = this.#random.uuid();
		const keys: string[] = [];
		for (let from = 0; from < packed.length; from += this.#partBytes) {
			const key = layout.reportPart(this.#node, generation, keys.length);
			const value = packed.subarray(from, from + this.#partBytes);
			await this.#put(key, value, membership);
			keys.push(key);
		}
		return { generation, keys };
	}

	async #partsInStore(): Promise<readonly string[]> {
		const { entries } = await this.#store.list(layout.reportPartsOf(this.#node));
		return entries.map(({ key }) => key);
	}
}

/** What to list or watch for `storedReports`: reports and their parts. */
export const reportPrefix = "report";

/** A report as it stands in the store, packed. */
export interface StoredReport {
	readonly node: string;
	/** Of its last write. */
	readonly revision: bigint;
	/** As packed by its writer, parts joined; a problem in words when parts of it are missing. */
	readonly packed: () => PackedReport | { readonly problem: string };
	/** Unpacks it here and now, up to `reportLimits`. */
	readonly read: () => NodeReport;
}

/**
 * The reports of a listing or snapshot of `reportPrefix`, sorted by node: for who looks into one after the other and
 * keeps none, because all reports of a large fleet unpacked are hundreds of megabytes.
 */
export function storedReports(entries: readonly Entry[]): readonly StoredReport[] {
	const byKey = new Map(entries.map((entry) => [entry.key, entry]));
	return entries.flatMap((entry) => {
		const node = below(layout.reports, entry.key);
		if (node === null || !isNodeName(node)) return [];
		return [{ node, revision: entry.revision, ...reading(node, entry, byKey) }];
	});
}

/** What one node wrote last; null when it left no report. The reports of the others are not read. */
export async function storedReportOf(store: Store, node: string): Promise<StoredReport | null> {
	const head = await store.get(layout.report(node));
	if (head === null) return null;
	const parts = await store.list(layout.reportPartsOf(node));
	return storedReports([head, ...parts.entries]).find((stored) => stored.node === node) ?? null;
}

/** All reports as they are now. */
export async function readReports(store: Store): Promise<readonly NodeReport[]> {
	const { entries } = await store.list(reportPrefix);
	return storedReports(entries).map(({ read }) => read());
}

function reading(
	node: string,
	entry: Entry,
	byKey: ReadonlyMap<string, Entry>,
): Pick<StoredReport, "packed" | "read"> {
	const packed: StoredReport["packed"] = () => {
		try {
			const bytes = isPacked(entry.value) ? entry.value : joinParts(node, entry, byKey);
			return { key: entry.key, bytes };
		} catch (error) {
			return { problem: messageOf(error) };
		}
	};
	return {
		packed,
		read: () => {
			const found = packed();
			return "problem" in found
				? { node, report: null, problem: found.problem }
				: decodeReport(node, found, reportLimits);
		},
	};
}

function joinParts(node: string, entry: Entry, byKey: ReadonlyMap<string, Entry>): Uint8Array {
	const { generation, parts } = head.decode(entry.key, entry.value);
	const values: Uint8Array[] = [];
	for (let n = 0; n < parts; n++) {
		const part = byKey.get(layout.reportPart(node, generation, n));
		if (part === undefined) throw unreadable(entry.key, `part ${n + 1} of ${parts} is not there`);
		values.push(part.value);
	}
	return Buffer.concat(values);
}

function isPacked(value: Uint8Array): boolean {
	return zstdMagic.every((byte, n) => value[n] === byte);
}

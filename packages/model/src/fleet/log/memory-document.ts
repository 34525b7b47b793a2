/**
 * What the log last knew, as a document: so that after a restart what changed meanwhile is told, and nothing twice.
 * A hundred thousand LUNs on nodes are mostly alike, so each node lists the few different ones and, LUN by LUN, which
 * of them it is: some 20 kB packed for 100 nodes with 1,000 LUNs.
 */
import type { LunState } from "../../verdict/states.ts";
import type { PathWay } from "../path-ways.ts";
import type { Flap, FlapSeries } from "./flapping.ts";
import { FleetMemory } from "./fleet-memory.ts";
import type { KnownLun } from "./known-lun.ts";
import type { KnownFinding } from "./node-changes.ts";

export interface MemoryDocument {
	readonly luns: readonly string[];
	/** State over all nodes of each LUN; null: not told yet. */
	readonly overall: readonly (LunState | null)[];
	/** Lists of paths, as far as they differ. */
	readonly ways: readonly (readonly PathWay[])[];
	readonly series: readonly SeriesDocument[];
	readonly flaps: readonly FlapDocument[];
	readonly nodes: readonly NodeDocument[];
}

interface SeriesDocument {
	readonly id: string | null;
	readonly port: string | null;
	readonly since: number;
	readonly last: number;
	readonly count: number;
	readonly paths: number;
	readonly nodes: readonly string[];
	/** Places in `luns`. */
	readonly luns: readonly number[];
}

interface FlapDocument {
	readonly failures: readonly number[];
	readonly count: number;
	readonly last: number;
	/** Place in `series`; -1: none. */
	readonly series: number;
}

interface NodeDocument {
	readonly node: string;
	readonly online: boolean;
	readonly multipathd: string | null;
	readonly applyError: string | null;
	readonly findings: readonly KnownFinding[];
	readonly kinds: readonly KindDocument[];
	/** Place in `kinds` of each LUN in the order of `luns`; -1: the node has nothing to do with it. */
	readonly of: readonly number[];
}

interface KindDocument {
	readonly state: LunState | null;
	/** Place in `ways`. */
	readonly ways: number;
	readonly states: string;
	/** Places in `flaps`, -1 for none; null: no path was restless. */
	readonly flaps: readonly number[] | null;
}

/** Gives each different value a place in a list. */
class ValueTable<T> {
	readonly values: T[] = [];
	readonly #places = new Map<unknown, number>();

	of(value: T, key: unknown = value): number {
		const known = this.#places.get(key);
		if (known !== undefined) return known;
		this.#places.set(key, this.values.length);
		this.values.push(value);
		return this.values.length - 1;
	}
}

export function memoryDocument(memory: FleetMemory): MemoryDocument {
	const mentioned = [...memory.luns.values(), memory.overall, ...[...memory.series].map(({ luns }) => luns)];
	const wwids = new ValueTable<string>();
	for (const wwid of [...new Set(mentioned.flatMap((some) => [...some.keys()]))].sort()) wwids.of(wwid);
	const ways = new ValueTable<readonly PathWay[]>();
	const wayTexts = new Map<readonly PathWay[], string>();
	const series = new ValueTable<FlapSeries>();
	for (const one of memory.series) series.of(one);
	const flaps = new ValueTable<Flap>();
	const kindOf = ({ state, ways: list, states, flaps: restless }: KnownLun): KindDocument => {
		const text = wayTexts.get(list) ?? JSON.stringify(list);
		wayTexts.set(list, text);
		return {
			state,
			ways: ways.of(list, text),
			states,
			flaps: restless?.map((flap) => (flap === null ? -1 : flaps.of(flap))) ?? null,
		};
	};
	const nodes = [...memory.nodes].map(([node, { findings, ...known }]): NodeDocument => {
		const luns = memory.luns.get(node);
		const kinds = new ValueTable<KindDocument>();
		const place = (known: KnownLun | undefined): number => {
			if (known === undefined) return -1;
			const kind = kindOf(known);
			return kinds.of(kind, `${kind.state} ${kind.ways} ${kind.states} ${kind.flaps?.join() ?? ""}`);
		};
		const of = wwids.values.map((wwid) => place(luns?.get(wwid)));
		return { node, ...known, findings: [...findings.values()], kinds: kinds.values, of };
	});
	return {
		luns: wwids.values,
		overall: wwids.values.map((wwid) => memory.overall.get(wwid) ?? null),
		ways: ways.values,
		series: series.values.map(({ changed, ...one }) => ({
			...one,
			nodes: [...one.nodes],
			luns: [...one.luns].map((wwid) => wwids.of(wwid)),
		})),
		flaps: flaps.values.map(({ series: one, ...flap }) => ({
			...flap,
			series: one === null ? -1 : series.of(one),
		})),
		nodes,
	};
}

/** What a document remembers. Places that lead nowhere are left out: what is not known is only told later. */
export function recalledMemory(document: MemoryDocument): FleetMemory {
	const memory = new FleetMemory();
	memory.isNew = false;
	const series = document.series.map(
		(one): FlapSeries => ({
			...one,
			nodes: new Set(one.nodes),
			luns: new Set(one.luns.flatMap((place) => document.luns[place] ?? [])),
			changed: false,
		}),
	);
	for (const one of series) memory.series.add(one);
	const flaps = document.flaps.map((flap): Flap => ({ ...flap, series: series[flap.series] ?? null }));
	for (const [place, wwid] of document.luns.entries()) {
		const state = document.overall[place] ?? null;
		if (state !== null) memory.overall.set(wwid, state);
	}
	for (const { node, findings, kinds, of, ...known } of document.nodes) {
		memory.nodes.set(node, {
			...known,
			findings: new Map(
				findings.map((finding) => [JSON.stringify([finding.code, finding.subject]), finding]),
			),
		});
		const luns = kinds.map(
			({ ways, flaps: restless, ...kind }): KnownLun => ({
				...kind,
				ways: document.ways[ways] ?? [],
				flaps: restless?.map((place) => flaps[place] ?? null) ?? null,
			}),
		);
		const entries = of.flatMap((kind, place) => {
			const [wwid, lun] = [document.luns[place], luns[kind]];
			return wwid === undefined || lun === undefined ? [] : [[wwid, lun] as const];
		});
		if (entries.length > 0) memory.luns.set(node, new Map(entries));
	}
	return memory;
}

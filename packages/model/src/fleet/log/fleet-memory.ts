/**
 * What the log last knew of the fleet, and from it and the fleet of now: what happened. Path events are noted as soon
 * as they are seen; everything else is compared when a window closes, so that what came and went within it is not
 * told. What is not known any more (the agent is gone, multipathd is silent or settling) is no change: the last known
 * state waits until something is known again. So an outage of a node is one entry, which names its LUNs, and not one for
 * each of them, and a restart of the server tells only what became different.
 */
import { type LunState, worstOf } from "../../verdict/states.ts";
import type { JudgedFleet } from "../judged-fleet.ts";
import type { LunStatus } from "../lun-status.ts";
import type { NodeFacts } from "../node-facts.ts";
import { createPool } from "../pool.ts";
import { bySilentNodes, hiddenLun, silenceText } from "../silence.ts";
import type { LogDraft } from "./entry.ts";
import { joinSeries, steadyEntry } from "./flap-series.ts";
import { calmed, type Flap, type FlapSeries, failedAgain, movedAgain } from "./flapping.ts";
import {
	carriedFlaps,
	devOf,
	isFolded,
	isRestless,
	isSeen,
	type KnownLun,
	noLun,
	sameKnown,
	stateToTell,
} from "./known-lun.ts";
import { type LunChange, lunEntries, lunTitle } from "./lun-changes.ts";
import {
	foundOnNode,
	type KnownNode,
	knowNode,
	type NodeChange,
	nodeChanges,
	nodeEntries,
	unknownNode,
} from "./node-changes.ts";
import { pathChanges } from "./path-changes.ts";
import { PathTally } from "./path-tally.ts";

export interface CloseOptions {
	/** Milliseconds since the epoch. */
	readonly at: number;
	/** True while nodes that did not report yet may only not have begun to: after a restart of everything. */
	readonly awaitsNodes: boolean;
}

export class FleetMemory {
	/** By node, then by WWID. */
	readonly luns = new Map<string, Map<string, KnownLun>>();
	readonly nodes = new Map<string, KnownNode>();
	/** State of each LUN over its nodes, as last told. */
	readonly overall = new Map<string, LunState>();
	readonly series = new Set<FlapSeries>();
	/** True until something was known: what is there at the beginning is told as found, and not as new. */
	isNew = true;
	/** True when anything became known since whoever stores it set it to false. */
	changed = true;
	/** Nodes that reported since this memory began or was recalled. */
	readonly #met = new Set<string>();
	#tally = new PathTally();
	#touched = new Map<string, Set<string>>();
	#last: KnownLun = noLun;
	#lastFlap: Flap | null = null;
	readonly #flaps = createPool<Flap>(1000);
	readonly #seriesIds = new Map<FlapSeries, number>();
	#lastSeriesId = 0;

	/** Notes what the LUNs that were judged again tell. `nodes`: where; null: anywhere. */
	note(fleet: JudgedFleet, judged: ReadonlyMap<string, ReadonlySet<string> | null>, at: number): void {
		const facts = new Map(fleet.nodes.map((node) => [node.node, node]));
		for (const [wwid, nodes] of judged) {
			const status = fleet.lun(wwid);
			if (status === null || status.state === "unmanaged") continue;
			const names = nodes ?? new Set([...facts.keys(), ...this.nodes.keys()]);
			const touched = this.#touchedNodes(wwid);
			for (const name of names) {
				touched.add(name);
				const node = facts.get(name);
				if (node !== undefined) this.#noteLun(node, status, at);
			}
		}
	}

	/** Everything as if it had just been judged: after a restart. */
	noteAll(fleet: JudgedFleet, at: number): void {
		this.note(fleet, new Map(fleet.luns.map(({ wwid }) => [wwid, null])), at);
	}

	/** Closes the window: what there is to tell, in the order to tell it. */
	close(fleet: JudgedFleet, { at, awaitsNodes }: CloseOptions): LogDraft[] {
		const name = (wwid: string) => lunTitle(fleet.lun(wwid) ?? { alias: null, wwid });
		const nodes = this.#closeNodes(fleet, awaitsNodes);
		const calm = this.#calm(at).map((series) => steadyEntry(series, at, name, this.#worstOf(series)));
		const luns = this.#closeLuns(fleet);
		const isFirstLook = this.isNew;
		const paths = this.#tally.entries(at, name);
		this.#tally = new PathTally();
		this.#touched = new Map();
		this.isNew = false;
		return [
			...nodeEntries(nodes, at, (text) => fleet.lun(text) !== null),
			...paths,
			...lunEntries(luns, at, { isFirstLook }),
			...calm,
		];
	}

	/** Nodes where something of the LUN may have changed within this window. */
	#touchedNodes(wwid: string): Set<string> {
		const known = this.#touched.get(wwid);
		if (known !== undefined) return known;
		const fresh = new Set<string>();
		this.#touched.set(wwid, fresh);
		return fresh;
	}

	#noteLun(node: NodeFacts, status: LunStatus, at: number): void {
		const { wwid } = status;
		const here = status.nodes.get(node.node);
		if (here === undefined || here.state === "unmanaged") {
			if (this.luns.get(node.node)?.delete(wwid)) this.changed = true;
			return;
		}
		const facts = node.luns.get(wwid);
		if (!isSeen(node) || facts?.maps !== 1 || facts.map?.whole !== true) return;
		const before = this.luns.get(node.node)?.get(wwid) ?? noLun;
		const { known, changes } = pathChanges(before, facts);
		if (known === before) return;
		const { state } = before;
		if (changes.length === 0 && before.flaps === null) {
			this.#know(node.node, wwid, { state, ...known, flaps: null });
			return;
		}
		const flaps = carriedFlaps(before, known);
		for (const { event, place } of changes) {
			const way = known.ways[place];
			if (way === undefined) continue;
			const happening = { event, node: node.node, wwid, port: way.port, dev: devOf(facts, way.id) };
			const flap = flaps[place] ?? null;
			const next =
				event === "failed" || event === "gone"
					? failedAgain(flap, at, () => joinSeries(this.series, happening, at))
					: flap && movedAgain(flap, at);
			flaps[place] = next && this.#shared(next);
			if (next?.series) this.#addToSeries(next.series, next, flap?.series == null, happening);
			else this.#tally.add(happening, () => lunTitle(status));
		}
		this.#know(node.node, wwid, {
			state,
			...known,
			flaps: flaps.some((flap) => flap !== null) ? flaps : null,
		});
	}

	#know(node: string, wwid: string, knew: KnownLun): void {
		this.changed = true;
		// One after the other they are mostly alike.
		const known = sameKnown(this.#last, knew) ? this.#last : knew;
		this.#last = known;
		const luns = this.luns.get(node);
		if (luns === undefined) this.luns.set(node, new Map([[wwid, known]]));
		else luns.set(wwid, known);
	}

	#addToSeries(
		series: FlapSeries,
		flap: Flap,
		isNew: boolean,
		{ node, wwid }: { readonly node: string; readonly wwid: string },
	): void {
		series.last = flap.last;
		series.count = Math.max(series.count, flap.count);
		series.changed = true;
		if (!isNew) return;
		series.paths += 1;
		series.nodes.add(node);
		series.luns.add(wwid);
	}

	/** Thousands of paths that did the same share one object; mostly they come one after the other. */
	#shared(flap: Flap): Flap {
		const { failures, count, last, series } = flap;
		const recent = this.#lastFlap;
		const isSame =
			recent?.count === count &&
			recent.last === last &&
			recent.series === series &&
			recent.failures.length === failures.length &&
			recent.failures.every((time, at) => time === failures[at]);
		if (isSame) return recent;
		this.#lastFlap = this.#pooled(flap);
		return this.#lastFlap;
	}

	#pooled(flap: Flap): Flap {
		const { failures, count, last, series } = flap;
		let id = 0;
		if (series !== null) {
			id = this.#seriesIds.get(series) ?? ++this.#lastSeriesId;
			this.#seriesIds.set(series, id);
		}
		return this.#flaps([...failures, count, last, id].join(), () => flap);
	}

	#closeNodes(fleet: JudgedFleet, awaitsNodes: boolean): NodeChange[] {
		const changes: NodeChange[] = [];
		for (const facts of fleet.nodes) {
			const { node, online } = facts;
			const before = this.nodes.get(node);
			if (online) this.#met.add(node);
			else if (awaitsNodes && before !== undefined && !this.#met.has(node)) continue;
			const now = knowNode(before ?? unknownNode, facts);
			// Its silence is told when it had time to report, as if it had reported until now.
			const isAwaited = this.isNew && awaitsNodes && !online;
			this.nodes.set(node, isAwaited ? { ...now, online: true } : now);
			if (isAwaited) continue;
			if (before !== undefined) changes.push(...nodeChanges(node, before, now, facts));
			else if (this.isNew) changes.push(...foundOnNode(node, now, facts));
			else changes.push(joined(node), ...nodeChanges(node, { ...now, ...inside }, now, facts));
		}
		const names = new Set(fleet.nodes.map(({ node }) => node));
		for (const node of [...this.nodes.keys()]) {
			if (names.has(node)) continue;
			this.nodes.delete(node);
			this.luns.delete(node);
			changes.push(left(node));
		}
		if (changes.length > 0 || this.isNew) this.changed = true;
		return changes.map((change) => (change.event === "offline" ? withHiddenLuns(change, fleet) : change));
	}

	#closeLuns(fleet: JudgedFleet): LunChange[] {
		const changes: LunChange[] = [];
		const facts = new Map(fleet.nodes.map((node) => [node.node, node]));
		for (const [wwid, names] of this.#touched) {
			const status = fleet.lun(wwid);
			if (status === null || status.state === "unmanaged") continue;
			const nodes = [...names].flatMap((name) => {
				const to = stateToTell(status, facts.get(name));
				const before = this.luns.get(name)?.get(wwid);
				if (to === null || before?.state === to || (before && isFolded(before, to))) return [];
				this.#know(name, wwid, { ...(before ?? noLun), state: to });
				return [{ node: name, from: before?.state ?? null, to }];
			});
			const to = this.#overall(status);
			const from = this.overall.get(wwid) ?? null;
			if (to === null || (from === to && nodes.length === 0)) continue;
			this.overall.set(wwid, to);
			changes.push({ status, from, to, nodes, holders: from === to ? [] : this.#holders(status, to) });
		}
		this.#forgetLuns(fleet);
		return changes;
	}

	/** The worst of what was last known on the nodes that should carry it; what a silent node had is not forgotten. */
	#overall(status: LunStatus): LunState | null {
		const known = new Set<LunState>();
		for (const [node, here] of status.nodes) {
			const state = this.luns.get(node)?.get(status.wwid)?.state ?? null;
			if (here.state !== "unmanaged" && state !== null) known.add(state);
		}
		// What the nodes only tell together: they see two sizes.
		if (known.size > 0 && status.conflict !== null) known.add("degraded");
		return worstOf(known);
	}

	/** Nodes that have the LUN in this state; one that is silent now has it in none. */
	#holders({ wwid, nodes }: LunStatus, state: LunState): string[] {
		return [...nodes].flatMap(([node, here]) => {
			const isTold = here.state === state || (here.state !== "unknown" && here.state !== "unmanaged");
			return isTold && this.luns.get(node)?.get(wwid)?.state === state ? [node] : [];
		});
	}

	#forgetLuns(fleet: JudgedFleet): void {
		for (const wwid of this.overall.keys()) {
			const status = fleet.lun(wwid);
			if (status !== null && status.state !== "unmanaged") continue;
			this.changed = true;
			this.overall.delete(wwid);
			for (const luns of this.luns.values()) luns.delete(wwid);
		}
	}

	/** Lets go of what is steady; gives the series that ended. */
	#calm(at: number): FlapSeries[] {
		const alive = new Set<FlapSeries>();
		for (const [node, luns] of this.luns) {
			for (const [wwid, known] of luns) {
				if (known.flaps === null) continue;
				const flaps = known.flaps.map((flap) => flap && calmed(flap, at));
				// What became of the LUN while its path was restless was not told.
				if (isRestless(known.flaps) && !isRestless(flaps)) this.#touchedNodes(wwid).add(node);
				for (const flap of flaps) if (flap?.series) alive.add(flap.series);
				if (flaps.every((flap, place) => flap === known.flaps?.[place])) continue;
				this.changed = true;
				luns.set(wwid, { ...known, flaps: flaps.some((flap) => flap !== null) ? flaps : null });
			}
		}
		const ended = [...this.series].filter((series) => !alive.has(series));
		for (const series of ended) {
			this.series.delete(series);
			this.#seriesIds.delete(series);
		}
		return ended;
	}

	/** True when any of the paths of a series is left failed. */
	#worstOf({ nodes, luns, port }: FlapSeries): "failed" | "working" {
		for (const node of nodes) {
			for (const wwid of luns) {
				const known = this.luns.get(node)?.get(wwid);
				const bad = known?.ways.some(
					(way, place) => way.port === port && "fg".includes(known.states[place] ?? "?"),
				);
				if (bad) return "failed";
			}
		}
		return "working";
	}
}

/** A silent node is one entry: it says what became of all LUNs of which no more is known than that. */
function withHiddenLuns(change: NodeChange, fleet: JudgedFleet): NodeChange {
	const { node } = change;
	const silent = new Set(fleet.nodes.flatMap(({ node: name, online }) => (online ? [] : [name])));
	const all = fleet.luns.filter(({ nodes }) => nodes.get(node)?.state === "unknown");
	const hidden = all.flatMap((lun) => hiddenLun(lun, lun, (name) => silent.has(name)) ?? []);
	const texts = bySilentNodes(hidden).map((group) => silenceText(group, lunTitle));
	return {
		...change,
		luns: all.map(({ wwid }) => wwid),
		detail: texts.length === 0 ? null : texts.join("; "),
	};
}

const inside = { multipathd: null, applyError: null, findings: new Map() };

function joined(node: string): NodeChange {
	const sentence = "{nodes} joined the fleet";
	return { node, kind: "node", event: "joined", severity: "info", sentence, detail: null };
}

function left(node: string): NodeChange {
	const sentence = "{nodes} was taken out of the fleet";
	return { node, kind: "node", event: "left", severity: "info", sentence, detail: null };
}

import type { AllowedLun, FleetConfig } from "../config/fleet-config.ts";
import {
	type FleetStatusOptions,
	type Former,
	holds,
	type JudgedLun,
	judgeAllowed,
	judgeUnmanaged,
	type LunStatus,
	sameMeasure,
} from "./lun-status.ts";
import { type NodeFacts, sameStanding } from "./node-facts.ts";
import { sameFacts } from "./same-facts.ts";

/** What a judgement was about. */
export interface Judgement {
	/**
	 * By WWID, the LUNs that were judged again, with the nodes of which something changed; null: perhaps all of them.
	 * A LUN that is in no list any more is not among them.
	 */
	readonly judged: ReadonlyMap<string, ReadonlySet<string> | null>;
	/** True when LUNs or nodes came, went or changed their order. */
	readonly reshaped: boolean;
}

/**
 * The health of a fleet: every LUN on every node, compared between the nodes. It depends on the configuration and on
 * what the nodes report and on nothing else, so that server, command line and page give the same answer. The judgement
 * of one map is `verdict/`; here is what only several nodes together tell: who should carry a LUN, how many paths it
 * should have, and whether the nodes see the same thing.
 *
 * Only LUNs that a change touches are judged again, and of those only the nodes that it touches. Nodes are in the order
 * of their names. A change of one node costs as much as that node has LUNs, and a judgement as much as was touched.
 */
export class JudgedFleet {
	#luns: readonly AllowedLun[] = [];
	#options: FleetStatusOptions = { configDigest: null };
	#nodes: readonly NodeFacts[] = [];
	/** By WWID: on how many nodes there is a map of it. */
	readonly #held = new Map<string, number>();
	#judged: ReadonlyMap<string, { readonly status: LunStatus; readonly judged: JudgedLun | null }> = new Map();
	#touched = new Map<string, Set<string>>();
	#touchedNodes = new Set<string>();
	#touchedAll = false;
	#reshaped = false;

	/**
	 * A fleet that is as far as this one; from then on each goes its own way. They share what neither judges again, so a
	 * copy costs a list of the LUNs.
	 */
	copy(): JudgedFleet {
		const copy = new JudgedFleet();
		copy.#luns = this.#luns;
		copy.#options = this.#options;
		copy.#nodes = this.#nodes;
		for (const [wwid, count] of this.#held) copy.#held.set(wwid, count);
		copy.#judged = this.#judged;
		for (const [wwid, nodes] of this.#touched) copy.#touched.set(wwid, new Set(nodes));
		copy.#touchedNodes = new Set(this.#touchedNodes);
		copy.#touchedAll = this.#touchedAll;
		copy.#reshaped = this.#reshaped;
		return copy;
	}

	/** By name. */
	get nodes(): readonly NodeFacts[] {
		return this.#nodes;
	}

	/** Nodes that a LUN is meant for and of which no agent ever reported, by name. */
	get absentNodes(): readonly string[] {
		const known = new Set(this.#nodes.map(({ node }) => node));
		const wanted = new Set(this.#luns.flatMap(({ nodes }) => nodes ?? []));
		return [...wanted.difference(known)].sort();
	}

	get configDigest(): string | null {
		return this.#options.configDigest;
	}

	/** As of the last judgement: every allowed LUN, in the order of the allow-list, then the maps that nobody allowed, by WWID. */
	get luns(): LunStatus[] {
		return [...this.#judged.values()].map(({ status }) => status);
	}

	lun(wwid: string): LunStatus | null {
		return this.#judged.get(wwid)?.status ?? null;
	}

	setConfig(config: FleetConfig, options: FleetStatusOptions): void {
		this.#luns = config.luns;
		this.#options = options;
		this.#touchedAll = true;
	}

	setNode(facts: NodeFacts): void {
		const { node } = facts;
		const before = this.#nodes.find((other) => other.node === node);
		if (before === undefined) {
			this.#nodes = [...this.#nodes, facts].sort((a, b) => (a.node < b.node ? -1 : 1));
			this.#reshaped = true;
		} else {
			this.#nodes = this.#nodes.map((other) => (other === before ? facts : other));
		}
		if (before === undefined || !sameStanding(before, facts)) this.#touchedNodes.add(node);
		this.#compare(node, before?.luns ?? new Map(), facts.luns, facts, before);
	}

	removeNode(node: string): void {
		const before = this.#nodes.find((other) => other.node === node);
		if (before === undefined) return;
		this.#nodes = this.#nodes.filter((other) => other !== before);
		this.#compare(node, before.luns, new Map(), undefined, before);
		this.#touchedAll = true;
		this.#reshaped = true;
	}

	/** Judges what was touched since the last judgement. */
	judge(): Judgement {
		const next = new Map<string, { readonly status: LunStatus; readonly judged: JudgedLun | null }>();
		const again = new Map<string, ReadonlySet<string> | null>();
		const visit = (wwid: string, lun: AllowedLun | null) => {
			const former = this.#judged.get(wwid);
			const changed = this.#changedOf(wwid);
			const wasAllowed = former !== undefined && former.judged !== null;
			const isNew = former === undefined || wasAllowed !== (lun !== null);
			if (!isNew && !this.#touchedAll && changed.size === 0) {
				next.set(wwid, former);
				return;
			}
			if (lun === null) {
				again.set(wwid, isNew || this.#touchedAll ? null : changed);
				next.set(wwid, { status: judgeUnmanaged(wwid, this.#nodes), judged: null });
				return;
			}
			const known: Former | null = former?.judged ? { judged: former.judged, changed } : null;
			const judged = judgeAllowed(lun, this.#nodes, this.#options, known);
			// One node that shows more paths changes what all the others are measured by.
			const isMeasuredAlike = known !== null && sameMeasure(known.judged.measure, judged.measure);
			again.set(wwid, isNew || this.#touchedAll || !isMeasuredAlike ? null : changed);
			next.set(wwid, { status: judged.status, judged });
		};
		for (const lun of this.#luns) visit(lun.wwid, lun);
		const allowed = new Set(this.#luns.map(({ wwid }) => wwid));
		const others = [...this.#held.keys()].filter((wwid) => !allowed.has(wwid)).sort();
		for (const wwid of others) visit(wwid, null);
		const reshaped = this.#reshaped || !sameOrder(this.#judged.keys(), next.keys());
		this.#judged = next;
		this.#touched = new Map();
		this.#touchedNodes = new Set();
		this.#touchedAll = false;
		this.#reshaped = false;
		return { judged: again, reshaped };
	}

	#changedOf(wwid: string): ReadonlySet<string> {
		const touched = this.#touched.get(wwid);
		if (touched === undefined) return this.#touchedNodes;
		return this.#touchedNodes.size === 0 ? touched : touched.union(this.#touchedNodes);
	}

	#compare(
		node: string,
		before: NodeFacts["luns"],
		now: NodeFacts["luns"],
		facts: NodeFacts | undefined,
		former: NodeFacts | undefined,
	): void {
		if (before === now) return;
		for (const [wwid, lun] of now)
			if (!sameFacts(before.get(wwid), lun)) this.#touch(wwid, node, facts, former);
		for (const wwid of before.keys()) if (!now.has(wwid)) this.#touch(wwid, node, facts, former);
	}

	#touch(wwid: string, node: string, facts: NodeFacts | undefined, former: NodeFacts | undefined): void {
		const touched = this.#touched.get(wwid);
		if (touched === undefined) this.#touched.set(wwid, new Set([node]));
		else touched.add(node);
		const held = former !== undefined && holds(wwid, former);
		const holdsNow = facts !== undefined && holds(wwid, facts);
		if (held !== holdsNow) this.#count(wwid, holdsNow ? 1 : -1);
	}

	#count(wwid: string, by: 1 | -1): void {
		const count = (this.#held.get(wwid) ?? 0) + by;
		if (count === 0) this.#held.delete(wwid);
		else this.#held.set(wwid, count);
	}
}

function sameOrder(a: Iterable<string>, b: Iterable<string>): boolean {
	const [before, now] = [[...a], [...b]];
	return before.length === now.length && before.every((text, at) => text === now[at]);
}

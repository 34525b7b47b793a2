import { setTimeout as delay } from "node:timers/promises";
import type { Report } from "@pathkeeper/model";
import {
	type Entry,
	joinFleet,
	type Membership,
	ReportWriter,
	reportPrefix,
	type Store,
} from "@pathkeeper/store";
import { realRuntime } from "../../../packages/pathkeeper/src/runtime/real-runtime.ts";
import { machineMs } from "./machine-clock.ts";

/** The report of a node as it stands in the store: its key, and before it those of its parts if it has any. */
export interface Recorded {
	readonly node: string;
	readonly entries: readonly Entry[];
	readonly bytes: number;
}

/** The same report from a host of another name, with initiators of its own. */
export function asNode(report: Report, node: string): Report {
	const own = Number(node.slice(1));
	const initiatorOf = (initiator: string | null) => initiator?.replace(/\d+$/, String(own)) ?? null;
	return {
		...report,
		node,
		maps: report.maps.map((map) => ({
			...map,
			groups: map.groups.map((group) => ({
				...group,
				paths: group.paths.map((path) => ({
					...path,
					transport: path.transport && {
						...path.transport,
						initiator: initiatorOf(path.transport.initiator),
					},
				})),
			})),
		})),
	};
}

/** Nodes whose agents are not there: members of the fleet that say what was recorded. */
export class Players {
	readonly #store: Store;
	readonly #memberships = new Map<string, Membership>();

	constructor(store: Store) {
		this.#store = store;
	}

	/** Lets the nodes report as agents do, and keeps what came to stand in the store. */
	async record(reports: readonly Report[]): Promise<readonly Recorded[]> {
		const recorded: Recorded[] = [];
		for (const report of reports) {
			const { node } = report;
			await new ReportWriter(this.#store, node, realRuntime).write(report, await this.#membershipOf(node));
		}
		const { entries } = await this.#store.list(reportPrefix);
		for (const { node } of reports) {
			const own = entries.filter(({ key }) => key.split("/")[1] === node);
			recorded.push({ node, entries: own, bytes: own.reduce((sum, { value }) => sum + value.length, 0) });
		}
		return recorded;
	}

	/** Writes what was recorded, spread evenly over `overMs`. */
	async play(recorded: readonly Recorded[], overMs: number): Promise<void> {
		const began = machineMs();
		const written = recorded.map(async ({ node, entries }, at) => {
			await this.#membershipOf(node);
			await delay(Math.max(0, began + (at * overMs) / recorded.length - machineMs()));
			for (const { key, value } of entries) {
				await this.#store.txn({ writes: [{ op: "put", key, value }] });
			}
		});
		await Promise.all(written);
	}

	async leave(): Promise<void> {
		await Promise.all([...this.#memberships.values()].map(({ lease }) => lease.revoke()));
	}

	async #membershipOf(node: string): Promise<Membership> {
		const known = this.#memberships.get(node);
		if (known !== undefined) return known;
		const member = { node, run: "played", agentVersion: "bench", intervalMs: 600_000, joinedAt: Date.now() };
		const membership = await joinFleet(this.#store, member);
		this.#memberships.set(node, membership);
		return membership;
	}
}

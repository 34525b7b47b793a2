import { visible } from "../../multipathd-output/visible.ts";
import { causesOf, type Spot } from "./causes.ts";
import { countText, draft, type LogDraft, logLimits, namesText, type Severity } from "./entry.ts";
import type { PathEvent } from "./path-changes.ts";

export interface PathHappening {
	readonly event: PathEvent;
	readonly node: string;
	readonly wwid: string;
	readonly port: string | null;
	/** What the path is called on its node. */
	readonly dev: string;
}

/** What is told of paths: `interrupted` failed and came back within one window. */
type Told = PathEvent | "interrupted";

const told: Readonly<Record<Told, readonly [words: string, severity: Severity]>> = {
	failed: ["failed", "warning"],
	gone: ["disappeared", "warning"],
	impaired: ["cannot be relied on any more", "warning"],
	interrupted: ["failed and came back", "warning"],
	restored: ["came back", "info"],
	new: ["appeared", "info"],
};

interface Detail {
	readonly node: string;
	/** Null: the port is not told. */
	readonly port: string | null;
	readonly line: string;
}

interface Count {
	paths: number;
	readonly luns: Set<string>;
}

/** Counts what happens to paths within a window, so that a storm of them costs counters and not a list. */
export class PathTally {
	/** By event, then by node and port. */
	readonly #counts = new Map<Told, Map<string, Spot & Count>>();
	/** Some of what happened, a line each, in the order in which it was seen. */
	readonly #details = new Map<Told, Detail[]>();

	get isEmpty(): boolean {
		return this.#counts.size === 0;
	}

	add({ event, node, wwid, port, dev }: PathHappening, nameOf: (wwid: string) => string): void {
		const count = this.#countOf(event, node, port);
		count.paths += 1;
		count.luns.add(wwid);
		const details = this.#details.get(event) ?? [];
		this.#details.set(event, details);
		if (details.length >= logLimits.details) return;
		const through = port === null ? "" : ` through ${visible(port)}`;
		details.push({ node, port, line: `${node}: path ${visible(dev)} of ${nameOf(wwid)}${through}` });
	}

	/** What there is to tell; the tally is to be thrown away then. */
	entries(at: number, nameOf: (wwid: string) => string): LogDraft[] {
		this.#joinInterruptions();
		return [...this.#counts].flatMap(([event, spots]) =>
			causesOf([...spots.values()]).map((cause) => {
				const [words, severity] = told[event];
				const { nodes, ports, paths } = cause;
				const luns = [...cause.luns].sort();
				const of = luns.length > named ? countText(luns.length, "LUN") : namesText(luns.map(nameOf), "LUNs");
				const through =
					ports.length === 0
						? ""
						: ` through ${namesText(
								ports.map((port) => visible(port)),
								"ports",
							)}`;
				return draft(at, {
					kind: "path",
					event,
					severity,
					text: `${countText(paths, "path")} of ${of} ${words} on ${namesText(nodes, "nodes")}${through}`,
					nodes,
					luns,
					ports,
					paths,
					details: (this.#details.get(event) ?? []).flatMap(({ node, port, line }) =>
						nodes.includes(node) && (port === null ? cause.hasUntold : ports.includes(port)) ? [line] : [],
					),
				});
			}),
		);
	}

	#countOf(event: Told, node: string, port: string | null): Spot & Count {
		const spots = this.#counts.get(event) ?? new Map<string, Spot & Count>();
		this.#counts.set(event, spots);
		const key = JSON.stringify([node, port]);
		const known = spots.get(key);
		if (known !== undefined) return known;
		const fresh = { node, port, paths: 0, luns: new Set<string>() };
		spots.set(key, fresh);
		return fresh;
	}

	/** As many paths of the same LUNs failed and came back: that is one thing and not two. */
	#joinInterruptions(): void {
		const failed = this.#counts.get("failed");
		const restored = this.#counts.get("restored");
		if (failed === undefined || restored === undefined) return;
		for (const [key, spot] of failed) {
			const back = restored.get(key);
			if (back?.paths !== spot.paths || back.luns.symmetricDifference(spot.luns).size > 0) continue;
			failed.delete(key);
			restored.delete(key);
			const joined = this.#countOf("interrupted", spot.node, spot.port);
			joined.paths += spot.paths;
			for (const wwid of spot.luns) joined.luns.add(wwid);
		}
		this.#details.set("interrupted", this.#details.get("failed") ?? []);
	}
}

/** LUNs are named while they are few. */
const named = 3;

/**
 * The health of a fleet: every LUN on every node, compared between the nodes. A pure function of the configuration
 * and of what the nodes report, so that server, command line and page give the same answer.
 *
 * The judgement of one map is `verdict/`; here is what only several nodes together tell: who should carry a LUN, how
 * many paths it should have, and whether the nodes see the same thing. `JudgedFleet` gives the same answer for a
 * fleet that changes, without judging all of it again.
 */
import type { FleetConfig } from "../config/fleet-config.ts";
import {
	type FleetStatusOptions,
	holds,
	judgeAllowed,
	judgeUnmanaged,
	type LunStatus,
} from "./lun-status.ts";
import { nodeFacts } from "./node-facts.ts";
import type { NodeView } from "./node-view.ts";

/** Every allowed LUN, in the order of the allow-list, then the maps that nobody allowed, by WWID. */
export function fleetStatus(
	config: FleetConfig,
	nodes: readonly NodeView[],
	options: FleetStatusOptions = { configDigest: null },
): LunStatus[] {
	const all = nodes.map((view) => nodeFacts(view));
	const allowed = new Set(config.luns.map(({ wwid }) => wwid));
	const held = all.flatMap((facts) => [...facts.luns.keys()].filter((wwid) => holds(wwid, facts)));
	const others = new Set(held.filter((wwid) => !allowed.has(wwid)));
	return [
		...config.luns.map((lun) => judgeAllowed(lun, all, options).status),
		...[...others].sort().map((wwid) => judgeUnmanaged(wwid, all)),
	];
}

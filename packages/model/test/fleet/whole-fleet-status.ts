/** What `JudgedFleet` has to agree with after every change: the whole fleet, judged at once and without memory. */
import {
	type FleetConfig,
	type FleetStatusOptions,
	type LunStatus,
	type NodeView,
	nodeFacts,
} from "@pathkeeper/model";
import { holds, judgeAllowed, judgeUnmanaged } from "../../src/fleet/lun-status.ts";

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

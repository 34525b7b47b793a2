/** `/cluster/multipath/status`: the health that follows from configuration and reports. */
import { fleetStatus, type LunOnNode, type LunStatus, multipathRoutes } from "@pathkeeper/model";
import { statusOf } from "../fleet/node-status.ts";
import { flag } from "../wire/flag.ts";
import { type BoundRoute, bind } from "./bind.ts";
import type { HandlerContext } from "./context.ts";

export function statusHandlers({ fleet, now }: HandlerContext): BoundRoute[] {
	return [
		bind(multipathRoutes.getStatus, async () => {
			const state = await fleet.read();
			const options = { configDigest: state.document.digest };
			return {
				simulated: flag(state.nodes.some(({ report }) => report?.simulated === true)),
				luns: fleetStatus(state.config, state.nodes, options).map(lunOf),
				nodes: state.nodes.map((view) => statusOf(view, state, now())),
			};
		}),
	];
}

function lunOf({ wwid, alias, sizeBytes, vendor, product, state, reasons, queueing, nodes }: LunStatus) {
	return {
		wwid,
		alias,
		size: sizeBytes,
		vendor,
		model: product,
		state,
		reasons: [...reasons],
		queueing,
		nodes: Object.fromEntries([...nodes].map(([node, here]) => [node, onNode(here)])),
	};
}

function onNode({ state, paths, usable, expected, reasons }: LunOnNode) {
	return { state, paths, usable, expected, reasons: [...reasons] };
}

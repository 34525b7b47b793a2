import type { LunState } from "@pathkeeper/model";
import type { LunAnswer, MapAnswer } from "../../src/api/answers.ts";
import type { LunMap } from "../../src/lun/lun-map.ts";

/** A LUN whose nodes have it so, and that is as given over all of them. */
export function lunOf(state: LunState, nodes: Readonly<Record<string, LunState>>): LunAnswer {
	return {
		...{
			wwid: "3600",
			alias: "db",
			size: null,
			vendor: null,
			model: null,
			queueing: null,
			problem: null,
			conflict: null,
		},
		...{ state, reasons: [] },
		nodes: Object.fromEntries(
			Object.entries(nodes).map(([node, here]) => [
				node,
				{ state: here, paths: 2, usable: 2, expected: 2, reasons: [] },
			]),
		),
	};
}

/** The map of a node that answered: its users, and the ports of its paths. */
export function mapOn(
	node: string,
	{ users = [], ports = ["a", "b"] }: { readonly users?: string[]; readonly ports?: readonly string[] } = {},
): LunMap {
	const paths = ports.map((portal, at) => ({
		...{ dev: `sd${at}`, "dev-t": null, hctl: `${at}:0:0:1`, state: "usable" as const, priority: 50 },
		...{ "dm-state": "active", "checker-state": "ready", "device-state": "running", checker: "tur" },
		transport: { protocol: "iscsi", initiator: `${node}-${portal}`, target: "iqn.x", portal },
	}));
	const map: MapAnswer = {
		...{ path: "/dev/mapper/db", vendor: null, model: null, queueing: null },
		...{ name: "db", wwid: "3600", dm: "dm-0", size: 1, state: "optimal", reasons: [], users },
		groups: [{ group: 1, "dm-state": "active", priority: 50, paths }],
	};
	return { node, map, error: null, isPending: false };
}

/** A node that did not answer. */
export function silentOn(node: string): LunMap {
	return { node, map: null, error: new Error("it is not reachable"), isPending: false };
}

import {
	type DaemonGroup,
	type DaemonMap,
	type DaemonPath,
	dmStateOf,
	featuresOf,
	groupPriority,
	groupState,
	queueingOf,
	usablePaths,
} from "./state.ts";
import { deviceState, inquiry, lunHex, transportOf } from "./wildcards.ts";
import type { World } from "./world.ts";

/**
 * `show maps json` and `show map X json`, pasted together as the daemon does it: no string is escaped, so a name
 * with a quote in it makes the whole document unreadable (multipath-tools libmultipath/print.c).
 */
export class MapJson {
	/** Text of each map with the state it was made from: building it again is most of the cost of a listing. */
	readonly #made = new WeakMap<DaemonMap, { readonly key: string; readonly text: string }>();

	allMaps(world: World): string {
		let list = "";
		for (const map of world.maps.values())
			list += `${list === "" ? "" : ","}{\n${this.#body(world, map)}   }`;
		return `${head}   "maps": [${list}]\n}\n`;
	}

	oneMap(world: World, map: DaemonMap): string {
		return `${head}   "map":{\n${this.#body(world, map)}   }\n}\n`;
	}

	#body(world: World, map: DaemonMap): string {
		const key = `${map.revision} ${map.kernel.revision} ${world.node.revision}`;
		const made = this.#made.get(map);
		if (made?.key === key) return made.text;
		const text = bodyOf(world, map);
		this.#made.set(map, { key, text });
		return text;
	}
}

const head = `{\n   "major_version": 0,\n   "minor_version": 1,\n`;

function bodyOf(world: World, map: DaemonMap): string {
	const { vendor, product, revision } = inquiry(map);
	const { kernel, stats } = map;
	const groups = map.groups.map((group, index) => groupText(world, map, group, index));
	return `      "name" : "${kernel.name}",
      "uuid" : "${map.wwid}",
      "sysfs" : "${kernel.dm}",
      "failback" : "${map.failback}",
      "queueing" : "${queueingOf(map)}",
      "paths" : ${usablePaths(map)},
      "write_prot" : "rw",
      "dm_st" : "${kernel.suspended ? "suspend" : "active"}",
      "features" : "${featuresOf(map)}",
      "hwhandler" : "${kernel.table.hardwareHandler}",
      "action" : "${map.action}",
      "path_faults" : ${stats.pathFaults},
      "vend" : "${vendor}",
      "prod" : "${product}",
      "rev" : "${revision}",
      "switch_grp" : ${stats.groupSwitches},
      "map_loads" : ${stats.mapLoads},
      "total_q_time" : ${stats.queueTime},
      "q_timeouts" : ${stats.queueTimeouts},
      "path_groups": [${groups.join(",")}]
`;
}

function groupText(world: World, map: DaemonMap, group: DaemonGroup, index: number): string {
	const paths = group.paths.map((path) => pathText(world, path));
	return `{
         "selector" : "${map.kernel.table.selector}",
         "pri" : ${groupPriority(group)},
         "dm_st" : "${groupState(map, index)}",
         "marginal_st" : "${group.marginal ? "marginal" : "normal"}",
         "group" : ${index + 1},
         "paths": [${paths.join(",")}]
      }`;
}

function pathText(world: World, path: DaemonPath): string {
	const transport = transportOf(path);
	return `{
            "dev" : "${path.disk.dev}",
            "dev_t" : "${path.disk.devT}",
            "dm_st" : "${dmStateOf(path)}",
            "dev_st" : "${deviceState(world, path)}",
            "chk_st" : "${path.checker}",
            "checker" : "tur",
            "pri" : ${path.priority},
            "host_wwnn" : "${transport.hostNode}",
            "target_wwnn" : "${transport.targetNode}",
            "host_wwpn" : "${transport.hostPort}",
            "target_wwpn" : "${transport.targetPort}",
            "host_adapter" : "${transport.adapter}",
            "lun_hex" : "${lunHex(path)}",
            "marginal_st" : "${path.marginal ? "marginal" : "normal"}"
         }`;
}
